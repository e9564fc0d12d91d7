package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;

/** What the states have in common in which a unit has not ended. */
final class InFlight {
    private InFlight() {}

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
