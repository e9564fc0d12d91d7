package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * On hold, with subscriptions, when nothing of the route is in flight any more: the server is asked something, and with
 * its answer has said all that was published before. For the client it is as being held.
 *
 * @param asked false while the server is in the middle of a message: nothing is asked within
 * @param untilNanos when the server is given up
 * @param waiting run when the client has all, or cannot have it
 * @param late came when the server had been asked already: it is asked again for them
 */
record HearingOut(Held held, Link link, boolean asked, long untilNanos, List<Runnable> waiting, List<Runnable> late)
        implements FrontendState {
    static FrontendState begin(Held held, Link link, List<Runnable> waiting, FrontendActions actions) {
        long until = actions.nanoTime() + actions.times().describe().toNanos();
        return new HearingOut(held, link, false, until, waiting, List.of()).ask(actions);
    }

    private FrontendState ask(FrontendActions actions) {
        if (!actions.conversation().atSafePoint()) {
            return this;
        }
        actions.hearOut(link);
        return new HearingOut(held, link, true, untilNanos, waiting, late);
    }

    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        return after(held.onClient(bytes, actions));
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        if (asked) {
            bytes.release();
            throw new IllegalStateException("server bytes while the proxy asks");
        }
        actions.scanServerWhileHeld(bytes);
        return ask(actions);
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.HeardOut(boolean stands) -> heardOut(stands, actions);
            // An answer that is still to come would be taken for the session's: the session waits for it.
            case FrontendEvent.HoldEnded _, FrontendEvent.RouteSwitched _ -> asked ? this : over(true, actions);
            case FrontendEvent.LinkLost _ -> asked ? this : over(false, actions);
            case FrontendEvent.DeadlinePassed _ ->
                actions.nanoTime() < untilNanos ? after(held.onEvent(event, actions)) : over(false, actions);
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.HoldBegan _,
                    FrontendEvent.CancelAsked _,
                    FrontendEvent.EndAsked _,
                    FrontendEvent.EndAtSafePointAsked _,
                    FrontendEvent.ClientGone _ -> after(held.onEvent(event, actions));
            case FrontendEvent.HearOutAsked(Runnable then) ->
                asked
                        ? new HearingOut(held, link, true, untilNanos, waiting, and(late, then))
                        : new HearingOut(held, link, false, untilNanos, and(waiting, then), late);
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.ReplayCame _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    private static List<Runnable> and(List<Runnable> some, Runnable more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    /** What is the same as for whoever is held happened: it is held still, or has ended. */
    @SuppressWarnings("ReferenceEquality")
    private FrontendState after(FrontendState next) {
        if (next instanceof Held still) {
            return still == held ? this : new HearingOut(still, link, asked, untilNanos, waiting, late);
        }
        runAll();
        return next;
    }

    private FrontendState heardOut(boolean stands, FrontendActions actions) {
        if (!stands || late.isEmpty() || !actions.isHolding() || !actions.isCurrent(link)) {
            return over(stands, actions);
        }
        FrontendState again = begin(held, link, late, actions);
        waiting.forEach(Runnable::run);
        return again;
    }

    /** The hold may be over, too, or the route lead elsewhere. */
    private FrontendState over(boolean stands, FrontendActions actions) {
        FrontendState next = stands ? onward(held, actions) : withoutLink(actions);
        runAll();
        return next;
    }

    private FrontendState withoutLink(FrontendActions actions) {
        if (actions.conversation().isClientMessageOpen()) {
            // The rest of the message will not come, and nothing can be said in its stead.
            return held.leave(actions);
        }
        actions.discard(link);
        return onward(held.unlinked(), actions);
    }

    private FrontendState onward(Held still, FrontendActions actions) {
        if (!actions.isHolding()) {
            return still.goOn(actions);
        }
        return actions.isCurrent(link) ? still : still.switched(actions);
    }

    private void runAll() {
        waiting.forEach(Runnable::run);
        late.forEach(Runnable::run);
    }

    @Override
    public boolean readsClient() {
        return held.readsClient();
    }

    @Override
    public Optional<Duration> deadline(long nowNanos) {
        Duration left = Duration.ofNanos(Math.max(0, untilNanos - nowNanos));
        return held.deadline(nowNanos)
                .filter(patience -> patience.compareTo(left) < 0)
                .or(() -> Optional.of(left));
    }

    @Override
    public int parkedBytes() {
        return held.parkedBytes();
    }

    @Override
    public boolean isParked() {
        return held.isParked();
    }

    @Override
    public boolean answersClient() {
        return held.answersClient();
    }

    @Override
    public void abandon() {
        held.abandon();
        runAll();
    }

    @Override
    public String word() {
        return "hearing out";
    }
}
