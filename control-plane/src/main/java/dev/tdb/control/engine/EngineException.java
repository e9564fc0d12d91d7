package dev.tdb.control.engine;

/** A database server did not do what was asked of it. The message may be shown to an operator. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unreachable;

    public EngineException(String message, boolean unreachable, Throwable cause) {
        super(message, cause);
        this.unreachable = unreachable;
    }

    /** Whether the server could not be talked to at all; otherwise it answered with an error. */
    public boolean unreachable() {
        return unreachable;
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
