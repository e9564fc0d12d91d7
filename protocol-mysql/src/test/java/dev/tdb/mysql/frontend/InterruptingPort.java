package dev.tdb.mysql.frontend;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.relay.KeptBytes;
import dev.tdb.testkit.port.RecordingPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Notes also what the server is sent, and whom the client wants to interrupt. */
final class InterruptingPort extends RecordingPort {
    /** A wish to interrupt another session, and how to say what became of it. */
    record Interrupt(int number, boolean ends, Consumer<Boolean> then) {}

    final ArrayDeque<Interrupt> interrupts = new ArrayDeque<>();
    private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();

    InterruptingPort(KeptBytes kept) {
        super(kept);
    }

    /** What the server was sent since the last call. */
    byte[] takeToServer() {
        byte[] bytes = toServer.toByteArray();
        toServer.reset();
        return bytes;
    }

    @Override
    public void toServer(ByteBuf bytes) {
        toServer.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void interrupt(int sessionNumber, Secret secret, boolean ends, Consumer<Boolean> then) {
        interrupts.add(new Interrupt(sessionNumber, ends, then));
    }
}
