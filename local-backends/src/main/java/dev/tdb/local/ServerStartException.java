package dev.tdb.local;

/** A server ended while it was starting, or did not become ready in time. The message ends with its last words. */
public final class ServerStartException extends LocalServerException {
    private static final long serialVersionUID = 1;

    private final String logTail;

    ServerStartException(String message, String logTail) {
        super(logTail.isBlank() ? message + "; it logged nothing" : message + "; it logged last:\n" + logTail);
        this.logTail = logTail;
    }

    /** The last lines that the server wrote to its log in this start. */
    public String logTail() {
        return logTail;
    }
}
