package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;

/** At a safe point, on a link, with no hold in sight: the next message begins a unit. */
record Idle(Link link) implements FrontendState {
    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        try {
            actions.conversation().skipAtSafePoint(bytes);
        } catch (Throwable violation) {
            bytes.release();
            throw violation;
        }
        if (!bytes.isReadable()) {
            bytes.release();
            return this;
        }
        if (actions.isCurrent(link)) {
            return Relaying.begin(link, bytes, actions);
        }
        // The route was changed without a hold, or while a unit went on: the session follows before the next one.
        HeldQueue waiting = actions.newQueue();
        waiting.add(bytes, actions.nanoTime());
        return Describing.begin(link, waiting, actions);
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        actions.scanServer(bytes);
        actions.toClient(bytes);
        // In the middle of a message it is not idle: nothing of ours may be put in, on either side.
        return actions.conversation().atSafePoint() ? this : new Relaying(link);
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.HoldBegan _ ->
                isQuiet(actions) ? Describing.begin(link, actions.newQueue(), actions) : new Relaying(link);
            case FrontendEvent.LinkLost _ -> actions.sayAndClose(new Refusal.ServerLost(database()));
            case FrontendEvent.EndAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> end(refusal, actions);
            case FrontendEvent.ClientGone _ -> gone(actions);
            case FrontendEvent.CancelAsked(Runnable done) -> {
                // Nothing runs: passed on, it could only hit what comes next.
                done.run();
                yield this;
            }
            case FrontendEvent.SurveyAsked(Runnable then)
            when isQuiet(actions) -> Describing.survey(link, then, actions);
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.HearOutAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            // A lane whose hold ended before this session was told of it.
            case FrontendEvent.HoldEnded _ -> {
                actions.resumed(false);
                yield this;
            }
            case FrontendEvent.RouteSwitched _ -> this;
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.ReplayCame _,
                    FrontendEvent.DeadlinePassed _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    /** Whether the server is not in the middle of telling the client something unasked. */
    private static boolean isQuiet(FrontendActions actions) {
        return !actions.conversation().isClientMessageOpen();
    }

    private FrontendState gone(FrontendActions actions) {
        if (!isQuiet(actions)) {
            // The rest of the message would be taken for the answer to the reset.
            return InFlight.clientGone(link, actions);
        }
        actions.giveBack(link);
        return actions.close();
    }

    private FrontendState end(Refusal refusal, FrontendActions actions) {
        if (!isQuiet(actions)) {
            return InFlight.end(link, refusal, actions);
        }
        actions.giveBack(link);
        return actions.sayAndClose(refusal);
    }

    private String database() {
        return link.spec().route().key().database().toString();
    }

    @Override
    public String word() {
        return "idle";
    }
}
