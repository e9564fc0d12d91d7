package dev.tdb.proxy.refusal;

/** A peer broke its protocol. Ends that one connection; carries no stack, since the peer is at fault, not the code. */
public final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProtocolViolation(String message) {
        super(message, null, false, false);
    }
}
