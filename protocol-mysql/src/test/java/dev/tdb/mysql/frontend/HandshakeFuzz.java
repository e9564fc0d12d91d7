package dev.tdb.mysql.frontend;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.Unpooled;

/** Any bytes of a client at any point of the handshake give replies or one violation. */
class HandshakeFuzz {
    @FuzzTest(maxDuration = "2m")
    void anyBytesAtAnyPoint(FuzzedDataProvider data) {
        HandshakeClient client = new HandshakeClient(
                data.pickValue(new String[] {AuthPlugin.NATIVE, AuthPlugin.CACHING_SHA2, AuthPlugin.CLEAR}));
        client.actions.isTlsOffered = data.consumeBoolean();
        client.actions.isCleartextPasswordAsked = data.consumeBoolean();
        try {
            while (data.remainingBytes() > 0) {
                switch (data.consumeInt(0, 4)) {
                    case 0 ->
                        client.login(
                                data.consumeString(30),
                                Secret.of(data.consumeBytes(40)),
                                data.consumeBoolean() ? "shop__acme" : data.consumeString(20));
                    case 3 ->
                        client.answer(data.consumeBoolean() ? Secret.of(new byte[] {2}) : Secret.of(new byte[256]));
                    case 1 -> client.answer(Secret.of(data.consumeBytes(40)));
                    case 2 -> client.send(client.packet(out -> out.writeBytes(data.consumeBytes(80))));
                    default -> client.send(Unpooled.wrappedBuffer(data.consumeBytes(80)));
                }
                client.actions.runLater();
            }
        } catch (ProtocolViolation _) {
            // The one way to end that is the client's fault.
        }
    }
}
