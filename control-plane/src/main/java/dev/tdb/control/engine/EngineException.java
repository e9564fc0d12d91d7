package dev.tdb.control.engine;

/** A database server did not do what was asked of it. The message may be shown to an operator. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unreachable;
    private final String code;

    public EngineException(String message, boolean unreachable, Throwable cause) {
        this(message, unreachable, "", cause);
    }

    /** @param code the engine's own, or empty */
    public EngineException(String message, boolean unreachable, String code, Throwable cause) {
        super(message, cause);
        this.unreachable = unreachable;
        this.code = code;
    }

    /** Whether the server could not be talked to at all; otherwise it answered with an error. */
    public boolean unreachable() {
        return unreachable;
    }

    /** The engine's own code, such as a SQLSTATE; empty when it gave none. */
    public String code() {
        return code;
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
