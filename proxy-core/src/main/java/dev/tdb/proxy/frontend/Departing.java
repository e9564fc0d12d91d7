package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteState;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * At a safe point: the client wants to go on elsewhere, and the server is asked what the session has built up, to take it
 * along. What the client sends meanwhile waits, and is for the new place; or for the old one, should the session stay.
 */
record Departing(Link link, Destination destination, HeldQueue waiting) implements Queueing {
    static FrontendState begin(Link link, Destination destination, HeldQueue waiting, FrontendActions actions) {
        Departing departing = new Departing(link, destination, waiting);
        if (destination.isFresh()) {
            return departing.go(actions.conversation().initialState(), actions);
        }
        actions.describe(link);
        return departing;
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        throw new IllegalStateException("server bytes while the proxy asks");
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.DescriptionCame(Optional<Described> described) -> came(described, actions);
            case FrontendEvent.EndAsked(Refusal refusal) -> Waiting.end(link, waiting, refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> Waiting.end(link, waiting, refusal, actions);
            case FrontendEvent.ClientGone _ -> Waiting.leave(link, waiting, actions);
            case FrontendEvent.CancelAsked(Runnable done) -> {
                // It takes no longer than a question.
                done.run();
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
            // What stands on the old route is asked if the session stays; the answer of a lost link is empty.
            case FrontendEvent.HoldBegan _, FrontendEvent.RouteSwitched _, FrontendEvent.LinkLost _ -> this;
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.ReplayCame _,
                    FrontendEvent.DeadlinePassed _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    private FrontendState came(Optional<Described> described, FrontendActions actions) {
        if (described.isEmpty()) {
            return Waiting.end(link, waiting, new Refusal.ServerLost(database()), actions);
        }
        return switch (described.get()) {
            case Described.Movable(SessionState state) -> go(state, actions);
            case Described.Unmovable(String reason) ->
                stay(new Refusal.CannotDepart(destination.route().database().toString(), reason), actions);
        };
    }

    private FrontendState go(SessionState state, FrontendActions actions) {
        String name = destination.route().database().toString();
        Optional<Route> route = actions.route(destination.route());
        if (route.isEmpty()) {
            return notThere(new Refusal.UnknownDatabase(name), actions);
        }
        if (route.get().state() instanceof RouteState.Deleted) {
            return notThere(new Refusal.Deleted(name), actions);
        }
        actions.giveBack(link);
        actions.depart(destination);
        if (actions.isHolding()) {
            return Held.of(new Footing.Off(), new Described.Movable(state), Welcome.SAID, waiting, actions)
                    .unlessOver(actions);
        }
        return Linking.begin(route.get(), state, Welcome.SAID, waiting, actions);
    }

    /** Who has just logged in is nobody any more at the old place. */
    private FrontendState notThere(Refusal refusal, FrontendActions actions) {
        return destination.isFresh() ? Waiting.end(link, waiting, refusal, actions) : stay(refusal, actions);
    }

    private FrontendState stay(Refusal refusal, FrontendActions actions) {
        actions.countRefusal(refusal);
        actions.conversation().stayed(refusal);
        return actions.isHolding() ? Describing.begin(link, waiting, actions) : Waiting.proceed(link, waiting, actions);
    }

    private String database() {
        return link.spec().route().key().database().toString();
    }

    @Override
    public boolean isInFlight() {
        return true;
    }

    @Override
    public String word() {
        return "departing";
    }
}
