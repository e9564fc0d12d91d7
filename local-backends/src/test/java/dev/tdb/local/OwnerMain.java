package dev.tdb.local;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that owns a server. Arguments: the cache, the directory, and "wait" or "exit". */
final class OwnerMain {
    private OwnerMain() {}

    @SuppressWarnings("SystemOut") // what the test reads
    public static void main(String... arguments) throws InterruptedException {
        PostgresBinaries binaries = PostgresBinaries.embedded(Path.of(arguments[0]), Progress.silent());
        PostgresSpec spec = PostgresServer.spec(Path.of(arguments[1]), binaries).setting("fsync", "off");
        PostgresServer server = (arguments[2].equals("exit") ? spec : spec.withoutShutdownHook()).start();
        System.out.println("server " + server.pid());
        if (arguments[2].equals("wait")) {
            new CountDownLatch(1).await();
        }
    }
}
