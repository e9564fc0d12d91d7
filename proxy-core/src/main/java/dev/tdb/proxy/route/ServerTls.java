package dev.tdb.proxy.route;

/**
 * How a server is to be reached over TLS.
 *
 * @param caPem certificates that may have signed the server's, in PEM; empty for the machine's own trust store
 */
public record ServerTls(Mode mode, String caPem) {
    /** As libpq's {@code sslmode}. */
    public enum Mode {
        DISABLE,
        /** TLS when the server has it, without verification. */
        PREFER,
        /** TLS or nothing, without verification. */
        REQUIRE,
        /** The certificate chain is verified. */
        VERIFY_CA,
        /** The chain and the host name are verified. */
        VERIFY_FULL
    }

    public static ServerTls disabled() {
        return new ServerTls(Mode.DISABLE, "");
    }
}
