package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/**
 * A link was asked for, to build {@code state} up on it. What the client sends meanwhile waits.
 *
 * @param attempt from 1; only a session that lived on another link tries again
 * @param untilNanos when this has to be over
 */
record Linking(Route route, SessionState state, Welcome welcome, HeldQueue waiting, int attempt, long untilNanos)
        implements Queueing {
    private static final int ATTEMPTS_MAX = 6;
    private static final Duration FIRST_DELAY = Duration.ofMillis(25);

    static FrontendState begin(
            Route route, SessionState state, Welcome welcome, HeldQueue waiting, FrontendActions actions) {
        actions.lease(route, Duration.ZERO);
        long until = actions.nanoTime() + actions.times().link().toNanos();
        return new Linking(route, state, welcome, waiting, 1, until);
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        throw new IllegalStateException("server bytes without a link");
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.LinkOpened(Link link) -> opened(link, actions);
            case FrontendEvent.LinkRefused(LinkFailure failure) -> refused(failure, actions);
            case FrontendEvent.DeadlinePassed _ -> end(unreachable(), actions);
            case FrontendEvent.EndAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.ClientGone _ -> leave(actions);
            case FrontendEvent.CancelAsked(Runnable done) -> {
                if (welcome == Welcome.SAID) {
                    Waiting.cancel(waiting, actions);
                }
                done.run();
                yield actions.conversation().isLeaving() ? leave(actions) : this;
            }
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.HearOutAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            // Whether a hold stands is asked when the link is there; a new target is seen then, too.
            case FrontendEvent.HoldBegan _, FrontendEvent.HoldEnded _, FrontendEvent.RouteSwitched _ -> this;
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkLost _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.ReplayCame _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    private FrontendState opened(Link link, FrontendActions actions) {
        Optional<Route> now = actions.route();
        if (now.isEmpty()) {
            actions.discard(link);
            return end(new Refusal.UnknownDatabase(database()), actions);
        }
        if (now.get().epoch() != link.epoch()) {
            actions.discard(link);
            return begin(now.get(), state, welcome, waiting, actions);
        }
        actions.replay(link, state);
        return new Replaying(link, state, welcome, waiting);
    }

    private FrontendState refused(LinkFailure failure, FrontendActions actions) {
        if (failure instanceof LinkFailure.Unreachable && actions.isHolding() && !state.subscribed()) {
            // A held route is never unreachable; who listens to others cannot wait for its end, though.
            return welcome == Welcome.OWED
                    ? Held.atLogin(state, waiting, actions)
                    : Held.of(new Footing.Off(), new Described.Movable(state), welcome, waiting, actions)
                            .unlessOver(actions);
        }
        if (welcome == Welcome.OWED) {
            return switch (failure) {
                case LinkFailure.Rejected(String _, ByteBuf message) -> {
                    waiting.clear();
                    actions.conversation().reject(message);
                    yield actions.close();
                }
                case LinkFailure.Unreachable _ -> end(unreachable(), actions);
            };
        }
        // A session that lived goes on trying: a server that was just promoted, or is full, may take it in a moment.
        Optional<Route> now = actions.route();
        if (attempt < ATTEMPTS_MAX && now.isPresent()) {
            actions.lease(now.get(), FIRST_DELAY.multipliedBy(1L << attempt));
            return new Linking(now.get(), state, welcome, waiting, attempt + 1, untilNanos);
        }
        return switch (failure) {
            case LinkFailure.Rejected _ ->
                end(new Refusal.SessionCannotMove(database(), Reasons.SERVER_REFUSED), actions);
            case LinkFailure.Unreachable _ -> end(unreachable(), actions);
        };
    }

    private FrontendState leave(FrontendActions actions) {
        waiting.clear();
        return actions.close();
    }

    private FrontendState end(Refusal refusal, FrontendActions actions) {
        waiting.clear();
        return actions.sayAndClose(refusal);
    }

    private Refusal unreachable() {
        return new Refusal.ServerUnreachable(database());
    }

    private String database() {
        return route.key().database().toString();
    }

    @Override
    public Optional<Duration> deadline(long nowNanos) {
        return Optional.of(Duration.ofNanos(Math.max(0, untilNanos - nowNanos)));
    }

    @Override
    public String word() {
        return "linking";
    }
}
