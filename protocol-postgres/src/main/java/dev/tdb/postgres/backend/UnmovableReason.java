package dev.tdb.postgres.backend;

/** Why a session cannot go to another server: the words are labels of metrics and part of what a client is told. */
enum UnmovableReason {
    TEMPORARY_TABLE("temporary table"),
    ADVISORY_LOCK("advisory lock"),
    CURSOR_WITH_HOLD("cursor with hold"),
    SESSION_AUTHORIZATION("session authorization"),
    TOO_MANY_PREPARED_STATEMENTS("too many prepared statements"),
    NO_ROOM_FOR_STATEMENTS("no room for prepared statements"),
    LARGE_STATEMENT("large statement"),
    CUSTOM_SETTING_OF_UNKNOWN_NAME("custom setting of unknown name"),
    DESCRIBE_FAILED("describe failed"),
    // These are found on the new server.
    SETTING("setting"),
    ROLE("role"),
    PREPARED_STATEMENT("prepared statement"),
    LISTEN("listen");

    private final String words;

    UnmovableReason(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
