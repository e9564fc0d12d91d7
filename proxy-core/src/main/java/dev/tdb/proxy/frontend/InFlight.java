package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;

/** What the states have in common in which a unit has not ended. */
final class InFlight {
    private InFlight() {}

    /** Of what waits, sends what certainly belongs to the unit that is under way. */
    static void sendPresentUnit(Link link, HeldQueue waiting, FrontendActions actions) {
        if (waiting.isEmpty()) {
            return;
        }
        ByteBuf all = waiting.takeAll();
        int count = actions.scanClient(all, true);
        if (count > 0) {
            actions.toServer(link, all.readRetainedSlice(count));
        }
        waiting.putBack(all);
    }

    /** The server is gone in the middle of it: nobody knows what it did, and the client must be told so. */
    static FrontendState lost(Link link, FrontendActions actions) {
        if (actions.conversation().isClientMessageOpen()
                || actions.conversation().isLeaving()) {
            return actions.close();
        }
        return actions.sayAndClose(
                new Refusal.ServerLost(link.spec().route().key().database().toString()));
    }

    /** The unit is cut off. A message that is half sent is completed first, if that is soon. */
    static FrontendState end(Link link, Refusal refusal, FrontendActions actions) {
        if (actions.conversation().isClientMessageOpen()) {
            return new Ending(link, refusal, actions.times().lastWord());
        }
        actions.cut(link);
        return actions.sayAndClose(refusal);
    }

    /** Nobody wants the answer: closing the link ends the transaction on the server, as without a proxy. */
    static FrontendState clientGone(Link link, FrontendActions actions) {
        actions.cut(link);
        return actions.close();
    }
}
