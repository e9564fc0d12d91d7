package dev.tdb.control.snapshot;

import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.RouteTable;
import dev.tdb.proxy.route.Target;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Publishes the routes of the store to the data path. What is published was read after it was committed, within one
 * lock: so tables follow each other as the store's states did, and an epoch never goes back.
 */
public final class RouteBook {
    private final StateStore store;
    private final LoginSafe logins;
    private final RouteControl dataPath;

    /** Guarded by this. */
    private final Map<RouteKey, Route> routes = new HashMap<>();

    /** Guarded by this. */
    private long version;

    public RouteBook(StateStore store, LoginSafe logins, RouteControl dataPath) {
        this.store = store;
        this.logins = logins;
        this.dataPath = dataPath;
    }

    /** Reads every route and publishes them. */
    public synchronized CompletableFuture<Void> load() {
        record Owner(ProjectId project, DatabaseName name) {}
        Map<Owner, List<LoginRows.Row>> loginsOf = store
                .read(tables -> tables.logins().inUse())
                .stream()
                .collect(Collectors.groupingBy(row -> new Owner(row.project(), row.name())));
        routes.clear();
        for (RouteRows.Row row : store.read(tables -> tables.routes().all())) {
            Owner owner = new Owner(row.key().project(), row.key().database());
            routes.put(row.key(), route(row, loginsOf.getOrDefault(owner, List.of())));
        }
        return publish();
    }

    /**
     * Reads one route again and publishes it; one that is gone from the store is gone from the table.
     *
     * @return done when every event loop goes by it
     */
    public synchronized CompletableFuture<Void> refresh(RouteKey key) {
        read(key);
        return publish();
    }

    /** As {@link #refresh(RouteKey)}, for several with one table. */
    public synchronized CompletableFuture<Void> refresh(List<RouteKey> keys) {
        keys.forEach(this::read);
        return publish();
    }

    /** As {@link #refresh(RouteKey)}, for all that a tenant has, or had when the table before was published. */
    public synchronized CompletableFuture<Void> refreshTenant(ProjectId project, String tenant) {
        Set<RouteKey> keys = routes.keySet().stream()
                .filter(key ->
                        key.project().equals(project) && key.database().tenant().equals(tenant))
                .collect(Collectors.toSet());
        store.read(tables -> tables.routes().ofTenant(project, tenant)).forEach(row -> keys.add(row.key()));
        keys.forEach(this::read);
        return publish();
    }

    private void read(RouteKey key) {
        store.read(tables -> tables.routes()
                        .find(key.project(), key.database())
                        .map(row -> route(row, tables.logins().of(key.project(), key.database(), row.loginEpoch()))))
                .ifPresentOrElse(route -> replace(key, route), () -> routes.remove(key));
    }

    private void replace(RouteKey key, Route route) {
        Route before = routes.put(key, route);
        if (before != null && before.epoch() > route.epoch()) {
            throw new IllegalStateException(
                    "epoch of " + key + " went back from " + before.epoch() + " to " + route.epoch());
        }
    }

    private CompletableFuture<Void> publish() {
        version++;
        return dataPath.publish(RouteTable.of(version, routes.values()));
    }

    private Route route(RouteRows.Row row, List<LoginRows.Row> loginRows) {
        return new Route(row.key(), row.epoch(), target(row.place(), row.database(), loginRows), state(row));
    }

    /** A route as it will be after a flip to {@code to}, with the logins of {@code loginEpoch}, which must be there. */
    public Route next(RouteRows.Row row, RouteRows.Place to, long loginEpoch) {
        List<LoginRows.Row> loginRows = store.read(
                tables -> tables.logins().of(row.key().project(), row.key().database(), loginEpoch));
        return new Route(row.key(), row.epoch() + 1, target(to, row.database(), loginRows), state(row));
    }

    private Target target(RouteRows.Place place, String database, List<LoginRows.Row> loginRows) {
        Map<Role, BackendLogin> byRole = new EnumMap<>(Role.class);
        loginRows.forEach(login -> byRole.put(login.role(), logins.open(login).login()));
        return new Target(place.hostId(), place.address(), place.tls(), database, byRole);
    }

    public static RouteState state(RouteRows.Row row) {
        Duration patience = Duration.ofMillis(row.patienceMs());
        return switch (row.state()) {
            case RouteRows.OPEN -> new RouteState.Open();
            case RouteRows.SUSPENDED -> new RouteState.Suspended(patience);
            case RouteRows.PREPARING -> new RouteState.Preparing(patience);
            case RouteRows.DELETED -> new RouteState.Deleted();
            default -> throw new IllegalStateException("route state " + row.state() + " of " + row.key());
        };
    }
}
