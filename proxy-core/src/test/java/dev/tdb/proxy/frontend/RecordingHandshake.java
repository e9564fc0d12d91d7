package dev.tdb.proxy.frontend;

import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Lets nobody in, and remembers what it was told to refuse. */
record RecordingHandshake(Consumer<String> record) implements ClientHandshake {
    @Override
    public void onConnected() {
        throw new AssertionError("the session says so");
    }

    @Override
    public void onBytes(ByteBuf in) {
        throw new AssertionError("the session shows what came");
    }

    @Override
    public void onTls() {
        throw new AssertionError("the session says so");
    }

    @Override
    public void refuse(Refusal refusal) {
        record.accept("handshake refuses " + refusal);
    }
}
