package dev.tdb.bench.wire;

import java.io.IOException;

/** A server said no, or something that was not expected. */
public final class WireException extends IOException {
    private static final long serialVersionUID = 1L;

    WireException(String message) {
        super(message);
    }
}
