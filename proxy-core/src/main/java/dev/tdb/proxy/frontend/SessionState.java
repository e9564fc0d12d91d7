package dev.tdb.proxy.frontend;

/** What a session has built up on its server, as values: enough to build it up again on another. */
public interface SessionState {
    /** Whether it has subscriptions, which must stand on the new server before anybody may publish there. */
    boolean subscribed();
}
