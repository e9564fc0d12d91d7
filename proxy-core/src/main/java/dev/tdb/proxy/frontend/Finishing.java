package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;

/** A unit may end; then the session does. Only what certainly belongs to the unit passes; a reply may tell more. */
record Finishing(Link link, HeldQueue waiting, Refusal refusal) implements Queueing {
    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        boolean first = waiting.isEmpty();
        waiting.add(bytes, actions.nanoTime());
        if (first) {
            InFlight.sendPresentUnit(link, waiting, actions);
        }
        return after(actions);
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        actions.scanServer(bytes);
        actions.toClient(bytes);
        if (!actions.conversation().atSafePoint()) {
            InFlight.sendPresentUnit(link, waiting, actions);
        }
        return after(actions);
    }

    private FrontendState after(FrontendActions actions) {
        if (!actions.conversation().atSafePoint()) {
            return this;
        }
        actions.unitEnded();
        waiting.clear();
        actions.giveBack(link);
        return actions.conversation().isLeaving() ? actions.close() : actions.sayAndClose(refusal);
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.LinkLost _ -> {
                waiting.clear();
                yield InFlight.lost(link, actions);
            }
            case FrontendEvent.EndAsked(Refusal now) -> {
                waiting.clear();
                yield InFlight.end(link, now, actions);
            }
            case FrontendEvent.ClientGone _ -> {
                waiting.clear();
                yield InFlight.clientGone(link, actions);
            }
            case FrontendEvent.CancelAsked(Runnable done) -> {
                actions.cancel(link, done);
                yield this;
            }
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.HearOutAsked(Runnable then) -> {
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
                    FrontendEvent.HeardOut _,
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
