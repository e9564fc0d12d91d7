package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A hold stands and nothing is in flight: what the client sends waits, in order, until the hold ends or the patience of
 * the oldest unit does. Its state is known, so that it may lose its link and go on with another.
 *
 * <p>The server may be in the middle of telling the client something of its own. Nothing of ours is put in there, and
 * the link is kept until the rest has come: whatever cannot wait for that ends the session, behind the message.
 *
 * @param sinceNanos when the login began to wait, while the welcome is owed
 */
record Held(Footing footing, Described described, Welcome welcome, HeldQueue waiting, HoldTerms terms, long sinceNanos)
        implements Queueing {
    static Held of(Footing footing, Described described, Welcome welcome, HeldQueue waiting, FrontendActions actions) {
        return new Held(footing, described, welcome, waiting, actions.terms(), actions.nanoTime());
    }

    /** The client is in, and no link can be had: it is told so if that is possible, and waits otherwise. */
    static FrontendState atLogin(SessionState state, HeldQueue waiting, FrontendActions actions) {
        boolean deleted = actions.terms().cause() == HoldTerms.Cause.DELETED;
        boolean told = !deleted && actions.welcomeUnlinked();
        if (deleted || (!told && actions.terms().patience().isZero())) {
            waiting.clear();
            return actions.sayAndClose(actions.holdRefusal(Duration.ZERO));
        }
        Welcome welcome = told ? Welcome.SAID : Welcome.OWED;
        return of(new Footing.Off(), new Described.Movable(state), welcome, waiting, actions)
                .now(actions);
    }

    /** The hold may have ended before the state was known; then the session goes on. */
    FrontendState unlessOver(FrontendActions actions) {
        return actions.isHolding() ? now(actions) : goOn(actions);
    }

    /** Units that may not wait at all are refused at once. */
    private FrontendState now(FrontendActions actions) {
        if (waiting.isEmpty() || (terms.patience().isPositive() && !waiting.isOverBudget())) {
            return this;
        }
        return refuseWaiting(actions);
    }

    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        if (welcome == Welcome.OWED) {
            waiting.add(bytes, actions.nanoTime());
            return this;
        }
        Conversation conversation = actions.conversation();
        // Behind what waits it waits, too, even if what was refused before is not over: its rest is in front of it.
        boolean next = waiting.isEmpty() && !conversation.isClientMessageOpen();
        try {
            if (next) {
                conversation.answerHeld(bytes);
            }
        } catch (Throwable violation) {
            bytes.release();
            throw violation;
        }
        if (conversation.isLeaving()) {
            bytes.release();
            return leave(actions);
        }
        boolean first = waiting.isEmpty();
        waiting.add(bytes, actions.nanoTime());
        // A new state, so that the patience of what has just come is counted.
        return first && !waiting.isEmpty()
                ? of(footing, described, welcome, waiting, actions).now(actions)
                : now(actions);
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        actions.scanServerWhileHeld(bytes);
        return this;
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.HoldEnded _ -> goOn(actions);
            // The terms may be others now.
            case FrontendEvent.HoldBegan _ ->
                new Held(footing, described, welcome, waiting, actions.terms(), sinceNanos).now(actions);
            case FrontendEvent.RouteSwitched _ -> switched(actions);
            case FrontendEvent.LinkLost _ ->
                actions.conversation().isClientMessageOpen() ? leave(actions) : adrift(actions);
            case FrontendEvent.DeadlinePassed _ -> refuseWaiting(actions);
            case FrontendEvent.EndAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.ClientGone _ -> leave(actions);
            case FrontendEvent.CancelAsked(Runnable done) -> {
                done.run();
                yield cancel(actions);
            }
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.HearOutAsked(Runnable then) -> hearOut(then, actions);
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.ReplayCame _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    /** What was published to the session may still be on its way: the server is idle, and tells in its own time. */
    private FrontendState hearOut(Runnable then, FrontendActions actions) {
        if (footing instanceof Footing.On(Link link) && subscribed()) {
            return HearingOut.begin(this, link, List.of(then), actions);
        }
        then.run();
        return this;
    }

    private boolean subscribed() {
        return described instanceof Described.Movable(SessionState state) && state.subscribed();
    }

    /** The route is resolved again: never the one the unit was parked with. */
    FrontendState goOn(FrontendActions actions) {
        Optional<Route> route = actions.route();
        if (route.isEmpty()) {
            return end(new Refusal.UnknownDatabase(actions.database()), actions);
        }
        if (footing instanceof Footing.On(Link link)
                && link.epoch() == route.get().epoch()) {
            actions.resumed(false);
            return Waiting.proceed(link, waiting, actions);
        }
        return move(route.get(), actions);
    }

    /** Leaves the old server; whoever listens to others stands on the new one before they may speak. */
    FrontendState switched(FrontendActions actions) {
        Optional<Route> route = actions.route();
        boolean stays = route.isPresent()
                && footing instanceof Footing.On(Link link)
                && link.epoch() == route.get().epoch();
        if (route.isEmpty() || stays) {
            return this;
        }
        if (subscribed()
                || described instanceof Described.Unmovable
                || actions.conversation().isClientMessageOpen()) {
            return move(route.get(), actions);
        }
        dropLink(actions);
        return unlinked();
    }

    private FrontendState move(Route route, FrontendActions actions) {
        if (actions.conversation().isClientMessageOpen()) {
            return end(new Refusal.SessionCannotMove(actions.database(), Reasons.MESSAGE_OPEN), actions);
        }
        return switch (described) {
            case Described.Unmovable(String reason) ->
                end(new Refusal.SessionCannotMove(actions.database(), reason), actions);
            case Described.Movable(SessionState state) -> {
                dropLink(actions);
                yield Linking.begin(route, state, welcome, waiting, actions);
            }
        };
    }

    private FrontendState adrift(FrontendActions actions) {
        return switch (described) {
            case Described.Unmovable(String reason) ->
                end(new Refusal.SessionCannotMove(actions.database(), reason), actions);
            case Described.Movable _ -> unlinked();
        };
    }

    Held unlinked() {
        return new Held(new Footing.Off(), described, welcome, waiting, terms, sinceNanos);
    }

    private FrontendState refuseWaiting(FrontendActions actions) {
        Refusal refusal = waiting.isOverBudget() && terms.patience().isPositive()
                ? new Refusal.HoldOverflow(actions.database(), waiting.budgetBytes())
                : actions.holdRefusal(terms.patience());
        if (welcome == Welcome.OWED
                || refusal.endsConnection()
                || actions.conversation().isClientMessageOpen()) {
            return end(refusal, actions);
        }
        Waiting.refuse(waiting, refusal, actions);
        return actions.conversation().isLeaving() ? leave(actions) : of(footing, described, welcome, waiting, actions);
    }

    private FrontendState cancel(FrontendActions actions) {
        if (welcome == Welcome.OWED
                || waiting.isEmpty()
                || actions.conversation().isClientMessageOpen()) {
            return this;
        }
        Waiting.cancel(waiting, actions);
        return actions.conversation().isLeaving() ? leave(actions) : of(footing, described, welcome, waiting, actions);
    }

    FrontendState leave(FrontendActions actions) {
        waiting.clear();
        dropLink(actions);
        return actions.close();
    }

    private FrontendState end(Refusal refusal, FrontendActions actions) {
        waiting.clear();
        if (footing instanceof Footing.On(Link link) && actions.conversation().isClientMessageOpen()) {
            // The server is in the middle of telling the client something unasked.
            return InFlight.end(link, refusal, actions);
        }
        dropLink(actions);
        return actions.sayAndClose(refusal);
    }

    private void dropLink(FrontendActions actions) {
        if (footing instanceof Footing.On(Link link)) {
            actions.discard(link);
        }
    }

    @Override
    public Optional<Duration> deadline(long nowNanos) {
        if (!isParked()) {
            return Optional.empty();
        }
        long since = welcome == Welcome.OWED ? sinceNanos : waiting.sinceNanos();
        Duration left = terms.patience().minusNanos(nowNanos - since);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public boolean answersClient() {
        return true;
    }

    @Override
    public boolean isParked() {
        return welcome == Welcome.OWED || !waiting.isEmpty();
    }

    @Override
    public String word() {
        return "held";
    }
}
