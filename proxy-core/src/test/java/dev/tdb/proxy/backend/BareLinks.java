package dev.tdb.proxy.backend;

import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.toy.ToyFacts;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Map;

/** Links for those that hold one and leave its use to others: no server is behind them. */
public final class BareLinks {
    private BareLinks() {}

    public static Link to(Route route) {
        return on(new EmbeddedChannel(), route);
    }

    static Link on(EmbeddedChannel channel, Route route) {
        LinkSpec spec = new LinkSpec(route, new LinkProfile(Role.WRITE, Map.of()));
        long inADay = System.nanoTime() + Duration.ofDays(1).toNanos();
        return new Link(channel, spec, new ToyFacts("epoch " + route.epoch(), 1), inADay);
    }
}
