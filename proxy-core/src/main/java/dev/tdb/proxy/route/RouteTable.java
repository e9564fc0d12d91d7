package dev.tdb.proxy.route;

import dev.tdb.proxy.credential.ProjectId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** All routes at one moment: an immutable value, replaced as a whole. */
public final class RouteTable {
    private final long version;
    private final Map<RouteKey, Route> routes;

    private RouteTable(long version, Map<RouteKey, Route> routes) {
        this.version = version;
        this.routes = routes;
    }

    public static RouteTable empty() {
        return new RouteTable(0, Map.of());
    }

    /** @param version grows with every table published */
    public static RouteTable of(long version, Collection<Route> routes) {
        Map<RouteKey, Route> byKey = HashMap.newHashMap(routes.size());
        routes.forEach(route -> byKey.put(route.key(), route));
        return new RouteTable(version, byKey);
    }

    public long version() {
        return version;
    }

    public Optional<Route> find(RouteKey key) {
        return Optional.ofNullable(routes.get(key));
    }

    /** Of a project's routes to those databases one that is open, if there is any, and the first by name. Looks at all. */
    public Optional<RouteKey> anyOf(Engine engine, ProjectId project, Predicate<DatabaseName> databases) {
        return routes.values().stream()
                .filter(route -> route.key().engine() == engine
                        && route.key().project().equals(project)
                        && databases.test(route.key().database()))
                .min(Comparator.comparing((Route route) -> !(route.state() instanceof RouteState.Open))
                        .thenComparing(route -> route.key().database().toString()))
                .map(Route::key);
    }

    public Collection<Route> routes() {
        return java.util.Collections.unmodifiableCollection(routes.values());
    }
}
