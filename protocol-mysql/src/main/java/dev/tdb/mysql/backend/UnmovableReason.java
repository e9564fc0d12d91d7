package dev.tdb.mysql.backend;

/** Why a session cannot go to another server: the words are labels of metrics and part of what a client is told. */
public enum UnmovableReason {
    TEMPORARY_TABLE("temporary table"),
    USER_LOCK("user lock"),
    HANDLER("handler"),
    SQL_PREPARED_STATEMENT("prepared statement of sql"),
    UNKNOWN_STATE("state of unknown kind"),
    OPEN_TRANSACTION("open transaction"),
    TOO_MANY_SETTINGS("too many settings"),
    TOO_MANY_USER_VARIABLES("too many user variables"),
    TOO_MANY_PREPARED_STATEMENTS("too many prepared statements"),
    LARGE_STATEMENT("large statement"),
    DESCRIBE_FAILED("describe failed"),
    // These are found on the new server.
    SCHEMA("schema"),
    SETTING("setting"),
    ROLE("role"),
    USER_VARIABLE("user variable"),
    PREPARED_STATEMENT("prepared statement");

    private final String words;

    UnmovableReason(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
