package dev.tdb.proxy.backend;

/** What a protocol learned of a server while it logged in (parameters, keys, version). Read by that protocol only. */
public interface LinkFacts {
    /** What they say now, should they change while the link lives. */
    default LinkFacts snapshot() {
        return this;
    }
}
