package dev.tdb.proxy.refusal;

/** A peer broke its protocol. Ends that one connection; carries no stack, since the peer is at fault, not the code. */
public final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /** @param what the peer did; no secret, since it is logged and told */
    public ProtocolViolation(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    /** What the peer did. */
    public String what() {
        return what;
    }
}
