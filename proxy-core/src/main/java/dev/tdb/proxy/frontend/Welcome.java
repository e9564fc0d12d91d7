package dev.tdb.proxy.frontend;

/** Whether the client was told that it is in. */
enum Welcome {
    OWED,
    SAID
}
