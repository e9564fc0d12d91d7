package dev.tdb.mysql.message;

/** The ways to prove a password that are understood here. */
public final class AuthPlugin {
    public static final String NATIVE = "mysql_native_password";
    public static final String CACHING_SHA2 = "caching_sha2_password";
    /** The password itself: within TLS only. */
    public static final String CLEAR = "mysql_clear_password";

    private AuthPlugin() {}
}
