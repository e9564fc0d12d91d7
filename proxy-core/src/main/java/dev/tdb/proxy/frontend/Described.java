package dev.tdb.proxy.frontend;

/** What came of asking a server what a session has built up. */
public sealed interface Described {
    record Movable(SessionState state) implements Described {}

    /** @param reason bounded vocabulary, a label of metrics and replies: {@code temporary table}, {@code advisory lock} */
    record Unmovable(String reason) implements Described {}
}
