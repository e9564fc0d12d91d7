package dev.tdb.testkit.contract;

import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import dev.tdb.testkit.wire.Hop;
import java.io.IOException;
import java.util.List;

/** A site as the proxy of one rig sees it: through a hop of its own. */
public record RigServer(String name, Site site, Hop hop) {
    static RigServer of(String name, Site site) throws IOException {
        return new RigServer(name, site, new Hop(site.address()));
    }

    Target target() {
        return new Target(
                name,
                new ServerAddress(
                        hop.address().getAddress().getHostAddress(),
                        hop.address().getPort()),
                ServerTls.disabled(),
                site.database(),
                site.logins());
    }

    /** The traces that were left on it, in the order they were executed. */
    public List<Integer> received() {
        return site.traces();
    }
}
