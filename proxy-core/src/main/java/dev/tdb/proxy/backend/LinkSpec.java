package dev.tdb.proxy.backend;

import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.Target;

/** Everything needed to open a link: where to, as whom, with what parameters. */
public record LinkSpec(Route route, LinkProfile profile) {
    public Target target() {
        return route.target();
    }

    /** @throws IllegalStateException when the route has no login for the role */
    public BackendLogin login() {
        BackendLogin login = route.target().logins().get(profile.role());
        if (login == null) {
            throw new IllegalStateException("no " + profile.role().word() + " login on " + route.key());
        }
        return login;
    }
}
