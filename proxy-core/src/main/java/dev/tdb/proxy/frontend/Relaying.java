package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** A unit is under way: bytes pass as they come. */
record Relaying(Link link) implements FrontendState {
    /** At a safe point with no hold: {@code bytes}, which it owns, begin a unit. */
    static FrontendState begin(Link link, ByteBuf bytes, FrontendActions actions) {
        return forward(link, bytes, new Relaying(link), actions);
    }

    /** Bytes went either way: the unit goes on in {@code relaying}, or is over. */
    static FrontendState after(Link link, FrontendState relaying, FrontendActions actions) {
        if (!actions.conversation().atSafePoint()) {
            return relaying;
        }
        actions.unitEnded();
        if (actions.conversation().isLeaving()) {
            actions.giveBack(link);
            return actions.close();
        }
        Optional<Destination> destination = actions.conversation().destination();
        if (destination.isPresent()) {
            return Departing.begin(link, destination.get(), actions.newQueue(), actions);
        }
        return actions.isHolding() ? Describing.begin(link, actions.newQueue(), actions) : new Idle(link);
    }

    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        if (actions.conversation().isInterrupted()) {
            HeldQueue waiting = actions.newQueue();
            waiting.add(bytes, actions.nanoTime());
            return new Draining(link, waiting);
        }
        if (actions.mayBegin(link)) {
            return forward(link, bytes, this, actions);
        }
        int count = actions.scanClient(bytes, true);
        if (count == bytes.readableBytes()) {
            actions.toServer(link, bytes);
            // There are messages that nobody answers.
            return after(link, this, actions);
        }
        if (count > 0) {
            actions.toServer(link, bytes.readRetainedSlice(count));
        }
        HeldQueue waiting = actions.newQueue();
        waiting.add(bytes, actions.nanoTime());
        return new Draining(link, waiting).unlessOver(actions);
    }

    static FrontendState forward(Link link, ByteBuf bytes, FrontendState relaying, FrontendActions actions) {
        int count = actions.scanClient(bytes, false);
        if (count == bytes.readableBytes()) {
            actions.toServer(link, bytes);
            return after(link, relaying, actions);
        }
        if (count > 0) {
            actions.toServer(link, bytes.readRetainedSlice(count));
        }
        if (actions.conversation().isLeaving()) {
            bytes.release(); // what is behind a goodbye means nothing
            return after(link, relaying, actions);
        }
        // The client goes on elsewhere, and this is for there.
        HeldQueue waiting = actions.newQueue();
        waiting.add(bytes, actions.nanoTime());
        return new Draining(link, waiting).unlessOver(actions);
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        actions.scanServer(bytes);
        actions.toClient(bytes);
        return after(link, this, actions);
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.HoldBegan _, FrontendEvent.RouteSwitched _ -> this;
            case FrontendEvent.HoldEnded _ -> {
                actions.resumed(false);
                yield this;
            }
            case FrontendEvent.LinkLost _ -> InFlight.lost(link, actions);
            case FrontendEvent.EndAsked(Refusal refusal) -> InFlight.end(link, refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> new Finishing(link, actions.newQueue(), refusal);
            case FrontendEvent.ClientGone _ -> InFlight.clientGone(link, actions);
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
        return "active";
    }
}
