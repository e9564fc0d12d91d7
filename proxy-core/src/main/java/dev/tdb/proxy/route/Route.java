package dev.tdb.proxy.route;

/**
 * Where the queries of one tenant database go.
 *
 * @param epoch grows by one with each change of the target; a node never serves an older one than it has acknowledged
 */
public record Route(RouteKey key, long epoch, Target target, RouteState state) {
    public Route {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch " + epoch + " of " + key);
        }
    }
}
