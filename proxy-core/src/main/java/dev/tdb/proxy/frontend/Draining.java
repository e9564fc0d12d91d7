package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * No unit may begin on this link, because a hold stands or the route leads elsewhere by now; one goes on, and the client
 * sent more than certainly belongs to it: that waits until a reply tells whether it does. Or no unit goes on, but the
 * server is in the middle of telling the client something unasked: that comes first.
 */
record Draining(Link link, HeldQueue waiting) implements Queueing {
    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        actions.scanServer(bytes);
        actions.toClient(bytes);
        return actions.conversation().atSafePoint() ? over(actions) : sendMore(actions);
    }

    /** What was sent last may have ended the unit: there are messages that nobody answers. */
    FrontendState unlessOver(FrontendActions actions) {
        return actions.conversation().atSafePoint() ? over(actions) : this;
    }

    private FrontendState over(FrontendActions actions) {
        actions.unitEnded();
        if (actions.conversation().isLeaving()) {
            waiting.clear();
            actions.giveBack(link);
            return actions.close();
        }
        Optional<Destination> destination = actions.conversation().destination();
        if (destination.isPresent()) {
            return Departing.begin(link, destination.get(), waiting, actions);
        }
        return actions.isHolding() ? Describing.begin(link, waiting, actions) : Waiting.proceed(link, waiting, actions);
    }

    private FrontendState sendMore(FrontendActions actions) {
        if (actions.conversation().isInterrupted()) {
            return this;
        }
        if (actions.mayBegin(link)) {
            return Relaying.forward(link, waiting.takeAll(), new Relaying(link), actions);
        }
        InFlight.sendPresentUnit(link, waiting, actions);
        return waiting.isEmpty() ? Relaying.after(link, new Relaying(link), actions) : unlessOver(actions);
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.HoldEnded _ -> {
                actions.resumed(false);
                yield sendMore(actions);
            }
            case FrontendEvent.HoldBegan _, FrontendEvent.RouteSwitched _ -> this;
            case FrontendEvent.LinkLost _ -> {
                waiting.clear();
                yield InFlight.lost(link, actions);
            }
            case FrontendEvent.EndAsked(Refusal refusal) -> {
                waiting.clear();
                yield InFlight.end(link, refusal, actions);
            }
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> new Finishing(link, waiting, refusal);
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
        return "draining";
    }
}
