package dev.tdb.control.host;

import java.util.List;

/** The inventory of database servers. */
public final class Hosts {
    /** Logs in once to see that it can be used; throws {@code conflict} when it cannot. */
    public Host register(HostSpec spec) {
        throw new UnsupportedOperationException("next push");
    }

    public List<Host> list() {
        throw new UnsupportedOperationException("next push");
    }

    public Host get(String id) {
        throw new UnsupportedOperationException("next push");
    }

    public Host update(String id, HostChange change) {
        throw new UnsupportedOperationException("next push");
    }

    /** Removes a host that holds no tenant database; throws {@code conflict} otherwise. */
    public void remove(String id) {
        throw new UnsupportedOperationException("next push");
    }

    /** Asks the server now. */
    public HostHealth check(String id) {
        throw new UnsupportedOperationException("next push");
    }
}
