package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import io.netty.buffer.ByteBuf;

/** The client's connection is closed, or closes when what was written has gone out. */
record Closed() implements FrontendState {
    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        return this;
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        bytes.release();
        return this;
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        switch (event) {
            case FrontendEvent.LinkOpened(Link link) -> actions.discard(link);
            case FrontendEvent.CancelAsked(Runnable done) -> done.run();
            case FrontendEvent.SurveyAsked(Runnable then) -> then.run();
            case FrontendEvent.HearOutAsked(Runnable then) -> then.run();
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.LinkLost _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.HeardOut _,
                    FrontendEvent.ReplayCame _,
                    FrontendEvent.HoldBegan _,
                    FrontendEvent.HoldEnded _,
                    FrontendEvent.RouteSwitched _,
                    FrontendEvent.DeadlinePassed _,
                    FrontendEvent.EndAsked _,
                    FrontendEvent.EndAtSafePointAsked _,
                    FrontendEvent.ClientGone _ -> {}
        }
        return this;
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public String word() {
        return "closed";
    }
}
