package dev.tdb.control.cutover;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.CutoverRows;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.route.RouteKey;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a flip does on the two servers. Everything here can be done again after a crash. */
final class Servers {
    private static final Logger log = LoggerFactory.getLogger(Servers.class);

    private final StateStore store;
    private final HostAccess access;
    private final LoginSafe safe;

    Servers(StateStore store, HostAccess access, LoginSafe safe) {
        this.store = store;
        this.access = access;
        this.safe = safe;
    }

    private List<LoginRows.Row> logins(RouteKey key, long epoch) {
        return store.read(tables -> tables.logins().of(key.project(), key.database(), epoch));
    }

    private List<String> users(RouteKey key, long epoch) {
        return LoginSafe.users(logins(key, epoch));
    }

    private EngineAdapter engine(RouteRows.Row route) {
        return access.engine(route.key().engine());
    }

    /** Makes the logins of the new epoch on the target, unless they are kept, and tries every one of them. */
    void prepare(RouteRows.Row route, CutoverRows.Row cutover) {
        EngineAdapter engine = engine(route);
        List<TenantLogin> opened = safe.open(logins(route.key(), cutover.toLoginEpoch()));
        RouteRows.Place to = cutover.to();
        if (!cutover.keepsLogins()) {
            AdminAccess admin = access.admin(to);
            engine.readmit(admin, route.database());
            engine.createLogins(admin, route.database(), opened);
        }
        for (TenantLogin login : opened) {
            engine.checkLogin(to.address(), to.tls(), route.database(), login);
        }
    }

    void fence(RouteRows.Row route, CutoverRows.Row cutover) {
        engine(route)
                .fence(access.admin(cutover.from()), route.database(), users(route.key(), cutover.fromLoginEpoch()));
    }

    void unfence(RouteRows.Row route, CutoverRows.Row cutover) {
        engine(route)
                .unfence(access.admin(cutover.from()), route.database(), users(route.key(), cutover.fromLoginEpoch()));
    }

    /** After giving up: the new logins go from the target again, if it lets us; nobody has their passwords. */
    void dropNewLogins(RouteRows.Row route, CutoverRows.Row cutover) {
        if (!cutover.keepsLogins()) {
            drop(route, cutover.to(), users(route.key(), cutover.toLoginEpoch()));
        }
    }

    /**
     * After the decision: the old logins go from the target, where replication has brought them, and from the source.
     *
     * @return what could not be done, in sentences
     */
    List<String> dropOldLogins(RouteRows.Row route, CutoverRows.Row cutover, boolean sourceReachable) {
        List<String> left = new ArrayList<>();
        if (!cutover.keepsLogins()) {
            List<String> old = users(route.key(), cutover.fromLoginEpoch());
            left.addAll(drop(route, cutover.to(), old));
            if (sourceReachable) {
                left.addAll(drop(route, cutover.from(), old));
            }
        }
        return left;
    }

    private List<String> drop(RouteRows.Row route, RouteRows.Place place, List<String> users) {
        try {
            engine(route).dropLogins(access.admin(place), route.database(), users);
            return List.of();
        } catch (EngineException e) {
            log.atWarn()
                    .addKeyValue("route", route.key())
                    .addKeyValue("server", place.address())
                    .setCause(e)
                    .log("logins could not be removed");
            return List.of("logins without use are left: " + e.sentence());
        }
    }
}
