package dev.tdb.proxy.frontend;

import dev.tdb.proxy.refusal.ProtocolViolation;

/** It was the server that broke its protocol: the client is not to blame, whatever made us look at the bytes. */
final class ServerViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerViolation(ProtocolViolation violation) {
        super(violation.what(), null, false, false);
    }
}
