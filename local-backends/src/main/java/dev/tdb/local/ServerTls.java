package dev.tdb.local;

import java.nio.file.Path;

/** Whether a server speaks TLS, and with which PEM files. */
sealed interface ServerTls {
    record Off() implements ServerTls {}

    record On(Path certificate, Path key) implements ServerTls {}
}
