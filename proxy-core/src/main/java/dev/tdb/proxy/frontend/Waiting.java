package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;

/** What the states have in common that keep client bytes at a safe point. */
final class Waiting {
    private Waiting() {}

    /** Refuses everything that waits, each unit once; the client is told, and keeps its connection. */
    static void refuse(HeldQueue waiting, Refusal refusal, FrontendActions actions) {
        actions.countRefusal(refusal);
        actions.heldFor(actions.nanoTime() - waiting.sinceNanos());
        ByteBuf all = waiting.takeAll();
        try {
            actions.conversation().refuse(all, refusal);
        } finally {
            all.release();
        }
    }

    /** The client cancelled what waits. */
    static void cancel(HeldQueue waiting, FrontendActions actions) {
        if (!waiting.isEmpty()) {
            refuse(waiting, new Refusal.Cancelled(), actions);
        }
    }

    /** The client is gone, and with it what waited and what was asked of {@code link}. */
    static FrontendState leave(Link link, HeldQueue waiting, FrontendActions actions) {
        waiting.clear();
        actions.discard(link);
        return actions.close();
    }

    /** The same, but the client is there to be told. */
    static FrontendState end(Link link, HeldQueue waiting, Refusal refusal, FrontendActions actions) {
        waiting.clear();
        actions.discard(link);
        return actions.sayAndClose(refusal);
    }

    /** Goes on, on {@code link} between units: what waited begins now, or when the server has said its half sent word. */
    static FrontendState proceed(Link link, HeldQueue waiting, FrontendActions actions) {
        if (actions.conversation().isInterrupted()) {
            return waiting.isEmpty() ? new Relaying(link) : new Draining(link, waiting);
        }
        Idle idle = new Idle(link);
        if (waiting.isEmpty()) {
            return idle;
        }
        actions.heldFor(actions.nanoTime() - waiting.sinceNanos());
        return idle.onClient(waiting.takeAll(), actions);
    }
}
