package dev.tdb.local;

/** A local server could not be unpacked, initialised, started or stopped; the message says why and what to do. */
public class LocalServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LocalServerException(String message) {
        super(message);
    }

    LocalServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
