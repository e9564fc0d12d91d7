package dev.tdb.mysql.frontend;

import dev.tdb.mysql.codec.CompressedStream;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.Conversation;
import dev.tdb.proxy.frontend.Login;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Lets a MySQL client in: the greeting, TLS on demand, a proof of the password by the plugin that the client has.
 *
 * <pre>
 *   AwaitingLogin ◄──► AwaitingTls
 *        │ └── another plugin ──► AwaitingProof ─────────┐
 *        │       ... or the password ──► AwaitingPassword ◄─► KeyWanted
 *        │                                  └► Deciphering ──┐
 *        └───────────────────────────────────────────────────┴──► HandshakeOver
 * </pre>
 */
public final class MySqlHandshake implements ClientHandshake {
    /** Far more than any client says of itself. */
    private static final int PAYLOAD_BYTES_MAX = 60_000;

    private final Actions actions;
    private final LoginTerms terms;
    private HandshakeState state;
    private int nextSequence;

    /**
     * @param version of the server that clients take us for
     * @param authPlugin what they are asked to prove a password with
     * @param capabilities that are offered beside those of all products
     * @param clock tells which credentials have expired
     * @param key for passwords that come without TLS
     */
    public MySqlHandshake(
            Actions actions, String version, String authPlugin, int capabilities, InstantSource clock, RsaKey key) {
        this.actions = actions;
        this.terms = new LoginTerms(
                version, authPlugin, LoginTerms.OFFERED | capabilities, clock, key, this::onWorked, this::onAdmitted);
        this.state = new HandshakeOver(); // until there is a connection
    }

    @Override
    public void onConnected() {
        state = terms.greet(actions);
        nextSequence = 1;
    }

    @Override
    public void onBytes(ByteBuf in) {
        while (state.readsPackets()) {
            Optional<WholePacket> packet = WholePacket.read(in, PAYLOAD_BYTES_MAX);
            if (packet.isEmpty()) {
                return;
            }
            nextSequence = packet.get().sequence() + 1 & 0xff;
            state = state.onPacket(packet.get(), in, actions);
        }
    }

    @Override
    public void onTls() {
        state = state.onTls(actions);
    }

    private void onWorked(Secret result) {
        state = state.onWorked(result, actions);
    }

    private void onAdmitted(SessionStart start) {
        Optional<CompressedStream> compressed =
                start.compression().map(compression -> new CompressedStream(compression, actions.allocator()));
        compressed.ifPresent(actions::encodeWith);
        Conversation conversation = new MySqlConversation(
                actions, start, actions, terms, () -> compressed.ifPresent(CompressedStream::begin));
        actions.succeed(new Login(start.credential(), start.place().route(), conversation));
    }

    @Override
    public void refuse(Refusal refusal) {
        if (state.canBeTold()) {
            actions.send(LoginTerms.error(actions, refusal, nextSequence));
        }
        state = new HandshakeOver();
    }
}
