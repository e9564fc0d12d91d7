package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/**
 * At a safe point: the server is asked what the session has built up, because a hold stands or somebody wants to know.
 *
 * <p>Who only wants to know waits no longer than is sensible. The session itself then goes on waiting, with its link: what
 * the server says next is the answer.
 *
 * @param then runs when that is known
 * @param untilNanos when {@code then} runs in any case; {@link #NOBODY_WAITS} when nobody waits for it
 */
record Describing(Link link, HeldQueue waiting, Runnable then, long untilNanos) implements Queueing {
    static final long NOBODY_WAITS = Long.MAX_VALUE;

    static FrontendState begin(Link link, HeldQueue waiting, FrontendActions actions) {
        actions.describe(link);
        return new Describing(link, waiting, () -> {}, NOBODY_WAITS);
    }

    static FrontendState survey(Link link, Runnable then, FrontendActions actions) {
        actions.survey(link);
        return new Describing(link, actions.newQueue(), then, until(actions));
    }

    private static long until(FrontendActions actions) {
        return actions.nanoTime() + actions.times().describe().toNanos();
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        throw new IllegalStateException("server bytes while the proxy asks");
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.DescriptionCame(Optional<Described> described) -> {
                FrontendState next = came(described, actions);
                then.run();
                yield next;
            }
            case FrontendEvent.EndAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.ClientGone _ -> leave(actions);
            case FrontendEvent.CancelAsked(Runnable done) -> {
                Waiting.cancel(waiting, actions);
                done.run();
                yield actions.conversation().isLeaving() ? leave(actions) : this;
            }
            case FrontendEvent.SurveyAsked(Runnable second) ->
                new Describing(
                        link,
                        waiting,
                        () -> {
                            then.run();
                            second.run();
                        },
                        untilNanos == NOBODY_WAITS ? until(actions) : untilNanos);
            case FrontendEvent.DeadlinePassed _ -> {
                then.run();
                yield new Describing(link, waiting, () -> {}, NOBODY_WAITS);
            }
            case FrontendEvent.HearOutAsked(Runnable heard) -> {
                heard.run();
                yield this;
            }
            // Whether the hold still stands is asked when the answer is there; that of a lost link is empty.
            case FrontendEvent.HoldBegan _,
                    FrontendEvent.HoldEnded _,
                    FrontendEvent.RouteSwitched _,
                    FrontendEvent.LinkLost _ -> this;
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.ReplayCame _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    private FrontendState came(Optional<Described> answer, FrontendActions actions) {
        if (answer.isEmpty()) {
            waiting.clear();
            actions.discard(link);
            return actions.sayAndClose(new Refusal.SessionCannotMove(
                    link.spec().route().key().database().toString(), Reasons.NOT_DESCRIBED));
        }
        return Held.of(new Footing.On(link), answer.get(), Welcome.SAID, waiting, actions)
                .unlessOver(actions);
    }

    private FrontendState leave(FrontendActions actions) {
        waiting.clear();
        actions.discard(link);
        then.run();
        return actions.close();
    }

    private FrontendState end(Refusal refusal, FrontendActions actions) {
        waiting.clear();
        actions.discard(link);
        then.run();
        return actions.sayAndClose(refusal);
    }

    @Override
    public Optional<Duration> deadline(long nowNanos) {
        return untilNanos == NOBODY_WAITS
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, untilNanos - nowNanos)));
    }

    @Override
    public void abandon() {
        Queueing.super.abandon();
        then.run();
    }

    @Override
    public String word() {
        return "describing";
    }
}
