package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;

/** A unit may end; then the session does. What certainly belongs to the unit still passes, the rest is not read. */
record Finishing(Link link, Refusal refusal) implements FrontendState {
    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        int count = actions.scanClient(bytes, true);
        if (count > 0) {
            actions.toServer(link, bytes.readRetainedSlice(count));
        }
        bytes.release();
        return this;
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        actions.scanServer(bytes);
        actions.toClient(bytes);
        if (!actions.conversation().atSafePoint()) {
            return this;
        }
        actions.unitEnded();
        actions.giveBack(link);
        return actions.sayAndClose(refusal);
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.LinkLost _ -> InFlight.lost(link, actions);
            case FrontendEvent.EndAsked(Refusal now) -> InFlight.end(link, now, actions);
            case FrontendEvent.ClientGone _ -> InFlight.clientGone(link, actions);
            case FrontendEvent.CancelAsked(Runnable done) -> {
                actions.cancel(link, done);
                yield this;
            }
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.HoldEnded _ -> {
                actions.resumed(false);
                yield this;
            }
            case FrontendEvent.HoldBegan _, FrontendEvent.RouteSwitched _, FrontendEvent.EndAtSafePointAsked _ -> this;
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.ReplayCame _,
                    FrontendEvent.DeadlinePassed _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    @Override
    public boolean isInFlight() {
        return true;
    }

    @Override
    public String word() {
        return "finishing";
    }
}
