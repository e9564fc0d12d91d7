package dev.tdb.admin.http;

/** Who may call an endpoint. */
public enum Access {
    /** Anybody, without a key. */
    PUBLIC,
    /** Any key of the project. */
    READ,
    /** A key that may change tenants. */
    WRITE,
    /** A key that may make keys and change the schema. */
    ADMIN,
    /** The operator's key only. */
    OPERATOR
}
