package dev.tdb.proxy.frontend;

import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/** The client is not in yet: the connection is lent to its protocol's handshake. */
record Greeting(ClientHandshake handshake, Duration patience) implements FrontendState {
    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        actions.toHandshake(bytes);
        return this;
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        throw new IllegalStateException("server bytes before there is a server");
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.LoggedIn(Login login) -> loggedIn(login, actions);
            case FrontendEvent.EndAsked(var refusal) -> end(refusal, actions);
            case FrontendEvent.EndAtSafePointAsked(var refusal) -> end(refusal, actions);
            case FrontendEvent.DeadlinePassed _, FrontendEvent.ClientGone _ -> actions.close();
            case FrontendEvent.CancelAsked(Runnable done) -> {
                done.run();
                yield this;
            }
            case FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.LinkLost _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.ReplayCame _,
                    FrontendEvent.HoldBegan _,
                    FrontendEvent.HoldEnded _,
                    FrontendEvent.RouteSwitched _,
                    FrontendEvent.SurveyAsked _,
                    FrontendEvent.HearOutAsked _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    private FrontendState loggedIn(Login login, FrontendActions actions) {
        var route = actions.route();
        if (route.isEmpty()) {
            return actions.sayAndClose(new Refusal.UnknownDatabase(actions.database()));
        }
        SessionState state = login.conversation().initialState();
        if (actions.isHolding()) {
            return Held.atLogin(state, actions.newQueue(), actions);
        }
        return Linking.begin(route.get(), state, Welcome.OWED, actions.newQueue(), actions);
    }

    private FrontendState end(Refusal refusal, FrontendActions actions) {
        actions.countRefusal(refusal);
        handshake.refuse(refusal);
        return actions.close();
    }

    @Override
    public Optional<Duration> deadline(long nowNanos) {
        return Optional.of(patience);
    }

    @Override
    public String word() {
        return "greeting";
    }
}
