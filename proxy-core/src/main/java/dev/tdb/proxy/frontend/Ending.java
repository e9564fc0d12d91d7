package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/** The session is cut off in the middle of a message to its client: the rest of that message, then a last word. */
record Ending(Link link, Refusal refusal, Duration patience) implements FrontendState {
    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        return this;
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        ByteBuf rest = bytes.readRetainedSlice(actions.clientMessageRest(bytes));
        bytes.release();
        actions.scanServer(rest);
        actions.toClient(rest);
        if (actions.conversation().isClientMessageOpen()) {
            return this;
        }
        actions.cut(link);
        return actions.sayAndClose(refusal);
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.DeadlinePassed _, FrontendEvent.ClientGone _, FrontendEvent.LinkLost _ -> {
                actions.cut(link);
                yield actions.close();
            }
            case FrontendEvent.CancelAsked(Runnable done) -> {
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
            case FrontendEvent.HoldBegan _,
                    FrontendEvent.HoldEnded _,
                    FrontendEvent.RouteSwitched _,
                    FrontendEvent.EndAsked _,
                    FrontendEvent.EndAtSafePointAsked _ -> this;
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.ReplayCame _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    @Override
    public boolean readsClient() {
        return false;
    }

    @Override
    public Optional<Duration> deadline(long nowNanos) {
        return Optional.of(patience);
    }

    @Override
    public boolean isInFlight() {
        return true;
    }

    @Override
    public String word() {
        return "ending";
    }
}
