package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** What the session had built up is being built up on a new link. */
record Replaying(Link link, SessionState state, Welcome welcome, HeldQueue waiting) implements Queueing {
    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        throw new IllegalStateException("server bytes while the proxy asks");
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.ReplayCame(Optional<Optional<String>> outcome) -> came(outcome, actions);
            case FrontendEvent.EndAsked(Refusal refusal) -> Waiting.end(link, waiting, refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> Waiting.end(link, waiting, refusal, actions);
            case FrontendEvent.ClientGone _ -> Waiting.leave(link, waiting, actions);
            case FrontendEvent.CancelAsked(Runnable done) -> {
                if (welcome == Welcome.SAID) {
                    Waiting.cancel(waiting, actions);
                }
                done.run();
                yield actions.conversation().isLeaving() ? Waiting.leave(link, waiting, actions) : this;
            }
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.HearOutAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            // Whether a hold stands is asked when the answer is there; that of a lost link is empty.
            case FrontendEvent.HoldBegan _,
                    FrontendEvent.HoldEnded _,
                    FrontendEvent.RouteSwitched _,
                    FrontendEvent.LinkLost _ -> this;
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.DeadlinePassed _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    private FrontendState came(Optional<Optional<String>> outcome, FrontendActions actions) {
        String reason = outcome.map(said -> said.orElse("")).orElse(Reasons.REPLAY_FAILED);
        if (!reason.isEmpty()) {
            return Waiting.end(link, waiting, new Refusal.SessionCannotMove(database(), reason), actions);
        }
        Optional<Route> now = actions.route();
        if (now.isEmpty()) {
            return Waiting.end(link, waiting, new Refusal.UnknownDatabase(database()), actions);
        }
        if (now.get().epoch() != link.epoch()) {
            actions.discard(link);
            return Linking.begin(now.get(), state, welcome, waiting, actions);
        }
        switch (welcome) {
            case OWED -> actions.conversation().welcome(link.facts());
            case SAID -> actions.conversation().movedTo(link.facts());
        }
        if (actions.isHolding()) {
            return Held.of(new Footing.On(link), new Described.Movable(state), Welcome.SAID, waiting, actions)
                    .unlessOver(actions);
        }
        actions.resumed(welcome == Welcome.SAID);
        return Waiting.proceed(link, waiting, actions);
    }

    private String database() {
        return link.spec().route().key().database().toString();
    }

    @Override
    public String word() {
        return "replaying";
    }
}
