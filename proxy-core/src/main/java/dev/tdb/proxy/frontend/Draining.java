package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import io.netty.buffer.ByteBuf;

/**
 * A hold stands, a unit goes on, and the client sent more than certainly belongs to it: that waits until a reply tells
 * whether it does.
 */
record Draining(Link link, HeldQueue waiting) implements FrontendState {
    @Override
    public FrontendState onClient(ByteBuf bytes, FrontendActions actions) {
        waiting.add(bytes, actions.nanoTime());
        return this;
    }

    @Override
    public FrontendState onServer(ByteBuf bytes, FrontendActions actions) {
        actions.scanServer(bytes);
        actions.toClient(bytes);
        if (!actions.conversation().atSafePoint()) {
            return sendMore(actions);
        }
        actions.unitEnded();
        return actions.isHolding() ? Describing.begin(link, waiting, actions) : Waiting.proceed(link, waiting, actions);
    }

    private FrontendState sendMore(FrontendActions actions) {
        ByteBuf all = waiting.takeAll();
        int count = actions.scanClient(all, actions.isHolding());
        if (count == all.readableBytes()) {
            actions.toServer(link, all);
            return new Relaying(link);
        }
        if (count > 0) {
            actions.toServer(link, all.readRetainedSlice(count));
        }
        if (!actions.isHolding()) {
            all.release();
            return new Relaying(link);
        }
        waiting.putBack(all);
        return this;
    }

    @Override
    public FrontendState onEvent(FrontendEvent event, FrontendActions actions) {
        return switch (event) {
            case FrontendEvent.HoldEnded _ -> {
                actions.resumed(false);
                yield sendMore(actions);
            }
            case FrontendEvent.HoldBegan _, FrontendEvent.RouteSwitched _ -> this;
            case FrontendEvent.LinkLost _ -> {
                waiting.clear();
                yield InFlight.lost(link, actions);
            }
            case FrontendEvent.EndAsked(Refusal refusal) -> {
                waiting.clear();
                yield InFlight.end(link, refusal, actions);
            }
            case FrontendEvent.EndAtSafePointAsked(Refusal refusal) -> {
                waiting.clear();
                yield new Finishing(link, refusal);
            }
            case FrontendEvent.ClientGone _ -> {
                waiting.clear();
                yield InFlight.clientGone(link, actions);
            }
            case FrontendEvent.CancelAsked(Runnable done) -> {
                actions.cancel(link, done);
                yield this;
            }
            case FrontendEvent.SurveyAsked(Runnable then) -> {
                then.run();
                yield this;
            }
            case FrontendEvent.LoggedIn _,
                    FrontendEvent.LinkOpened _,
                    FrontendEvent.LinkRefused _,
                    FrontendEvent.DescriptionCame _,
                    FrontendEvent.ReplayCame _,
                    FrontendEvent.DeadlinePassed _ -> throw new IllegalStateException(event + " in " + this);
        };
    }

    @Override
    public boolean readsClient() {
        return !waiting.isFull();
    }

    @Override
    public int parkedBytes() {
        return waiting.size();
    }

    @Override
    public boolean isInFlight() {
        return true;
    }

    @Override
    public String word() {
        return "draining";
    }
}
