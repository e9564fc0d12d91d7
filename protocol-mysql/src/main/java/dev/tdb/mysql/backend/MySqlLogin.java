package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** One login at a MySQL or MariaDB server: TLS as the route demands, then whatever proof the server asks for. */
final class MySqlLogin implements ServerLogin {
    private static final int PAYLOAD_BYTES_MAX = 60_000;

    private final LoginContext context;
    private LoginState state = new AwaitingGreeting();

    MySqlLogin(LinkSpec spec, Actions actions) {
        this.context = new LoginContext(spec, actions, this::onEnciphered);
    }

    @Override
    public void onConnected() {
        // It is for the server to speak.
    }

    @Override
    public void onTls() {
        state = state.onTls(context);
    }

    @Override
    public void onBytes(ByteBuf in) {
        try {
            while (state.readsPackets()) {
                Optional<WholePacket> packet = WholePacket.read(in, PAYLOAD_BYTES_MAX);
                if (packet.isEmpty()) {
                    return;
                }
                state = packet.get().first() == ErrPacket.FIRST
                        ? LoginState.failed(packet.get(), context)
                        : state.onPacket(packet.get(), context);
            }
        } catch (ProtocolViolation violation) {
            state = new LoginOver();
            context.fail(violation.what());
        }
    }

    private void onEnciphered(byte[] password) {
        state = state.onEnciphered(password, context);
    }
}
