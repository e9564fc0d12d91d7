package dev.tdb.bench.load;

import java.util.List;
import java.util.Locale;

/** What is measured before, and which proxy of its own kind stands beside ours. */
enum Product {
    POSTGRES(Way.PGBOUNCER),
    MARIADB(Way.MYSQLROUTER),
    MYSQL(Way.MYSQLROUTER);

    private final String peer;

    Product(String peer) {
        this.peer = peer;
    }

    /** The way whose figures ours are divided by. */
    String peer() {
        return peer;
    }

    /** All that there is. */
    List<String> ways() {
        return List.of(Way.DIRECT, peer, Way.HAPROXY, "tdb:epoll", "tdb:io_uring", "path:epoll", "path:io_uring");
    }

    /** Those of a smoke. */
    List<String> fewWays() {
        return List.of(Way.DIRECT, peer, Way.HAPROXY, "tdb:io_uring", "path:epoll");
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
