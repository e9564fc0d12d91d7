package dev.tdb.proxy.frontend;

import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;

/** A state in which what the client sends may have to wait. It owns what waits, and reads on while there is room for more. */
sealed interface Queueing extends FrontendState
        permits Linking, Replaying, Draining, Describing, Departing, Held, Finishing {
    HeldQueue waiting();

    @Override
    default FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        waiting().add(bytes, actions.nanoTime());
        return this;
    }

    @Override
    default boolean readsClient() {
        return !waiting().isFull();
    }

    @Override
    default int parkedBytes() {
        return waiting().size();
    }

    @Override
    default void abandon() {
        waiting().clear();
    }
}
