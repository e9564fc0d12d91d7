package dev.tdb.bench.jmh;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.observe.QueryEvents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** A client that is told nothing. */
record SilentPort(QueryEvents queryEvents) implements SessionPort {
    @Override
    public int sessionNumber() {
        return 1;
    }

    @Override
    public ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    @Override
    public void toClient(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void toServer(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void interrupt(int sessionNumber, Secret secret, boolean ends, Consumer<Boolean> then) {
        throw new IllegalStateException("there is nobody else");
    }

    @Override
    public String clientAddress() {
        return "127.0.0.1:1";
    }
}
