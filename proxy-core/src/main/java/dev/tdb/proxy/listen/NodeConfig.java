package dev.tdb.proxy.listen;

import dev.tdb.proxy.backend.LinkLimits;
import dev.tdb.proxy.frontend.SessionLimits;
import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.relay.Transport;

/**
 * Bounds and choices of a node.
 *
 * @param eventLoops threads that carry bytes; each session lives on one of them
 * @param loginFailuresMax failed logins a minute for one (address, user)
 */
public record NodeConfig(
        Transport transport,
        int eventLoops,
        NodeLimits limits,
        int loginFailuresMax,
        SessionTimes times,
        SessionLimits session,
        LinkLimits links) {
    public NodeConfig {
        if (eventLoops < 1 || loginFailuresMax < 1) {
            throw new IllegalArgumentException("a bound below 1");
        }
    }

    /** Half the processors carry bytes: the other half is the kernel's and the control plane's. */
    public static NodeConfig defaults() {
        return new NodeConfig(
                Transport.best(),
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                NodeLimits.defaults(),
                10,
                SessionTimes.defaults(),
                SessionLimits.defaults(),
                LinkLimits.defaults());
    }
}
