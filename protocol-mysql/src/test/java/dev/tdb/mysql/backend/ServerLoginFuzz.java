package dev.tdb.mysql.backend;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.Unpooled;

/** Any bytes of a server at any point of a login are answered, or end it with one failure. */
class ServerLoginFuzz {
    @FuzzTest(maxDuration = "2m")
    void anyBytesAtAnyPoint(FuzzedDataProvider data) {
        RecordingLogin login = new RecordingLogin(data.pickValue(ServerTls.Mode.values()));
        if (data.consumeBoolean()) {
            HandshakeV10 greeting = new HandshakeV10(
                    data.consumeString(20),
                    data.consumeInt(),
                    Secret.of("abcdefghijklmnopqrst"),
                    (data.consumeInt() & ~Capabilities.SSL) | 0x0188_8200,
                    45,
                    2,
                    data.consumeBoolean() ? "caching_sha2_password" : data.consumeString(20));
            login.server(0, greeting::encode);
        }
        while (data.remainingBytes() > 0 && login.failures.isEmpty() && login.facts.isEmpty()) {
            if (data.consumeBoolean()) {
                byte[] payload = data.consumeBytes(60);
                login.server(data.consumeInt(0, 255), out -> out.writeBytes(payload));
            } else {
                login.login.onBytes(Unpooled.wrappedBuffer(data.consumeBytes(60)));
            }
            login.runLater();
        }
        if (login.failures.size() + login.facts.size() > 1) {
            throw new AssertionError("a login ended twice");
        }
    }
}
