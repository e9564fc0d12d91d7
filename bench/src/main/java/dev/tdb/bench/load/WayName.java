package dev.tdb.bench.load;

import dev.tdb.proxy.relay.Transport;
import java.util.List;
import java.util.Locale;

/**
 * What a way is to be, as it is written on the command line: {@code direct}, {@code pgbouncer}, {@code mysqlrouter}, {@code haproxy};
 * {@code path:TRANSPORT[:nocapture][@VARIANT]}, the data path alone; {@code tdb:TRANSPORT[:nocapture]}, the whole program;
 * {@code floor:TRANSPORT}, Netty and nothing else.
 */
sealed interface WayName {
    String text();

    record Direct() implements WayName {
        @Override
        public String text() {
            return Way.DIRECT;
        }
    }

    record Bouncer() implements WayName {
        @Override
        public String text() {
            return Way.PGBOUNCER;
        }
    }

    record Router() implements WayName {
        @Override
        public String text() {
            return Way.MYSQLROUTER;
        }
    }

    record Balancer() implements WayName {
        @Override
        public String text() {
            return Way.HAPROXY;
        }
    }

    /** @param variant the name of another build or of other JVM flags; empty for neither */
    record Path(Transport transport, boolean isCapturing, String variant, String text) implements WayName {}

    /** Netty alone, on the same transport. */
    record Floor(Transport transport, String text) implements WayName {}

    /** The program that is released: with its API, its control plane and, when it is capturing, its query log. */
    record Tdb(Transport transport, boolean isCapturing, String text) implements WayName {}

    /** @throws IllegalArgumentException that says what was expected */
    static WayName parse(String text) {
        return switch (text) {
            case Way.DIRECT -> new Direct();
            case Way.PGBOUNCER -> new Bouncer();
            case Way.MYSQLROUTER -> new Router();
            case Way.HAPROXY -> new Balancer();
            default -> ours(text);
        };
    }

    private static WayName ours(String text) {
        int at = text.indexOf('@');
        String variant = at < 0 ? "" : text.substring(at + 1);
        List<String> words = List.of((at < 0 ? text : text.substring(0, at)).split(":", -1));
        if (words.size() > 1) {
            Transport transport = Transport.valueOf(words.get(1).toUpperCase(Locale.ROOT));
            if (words.getFirst().equals("floor") && words.size() == 2 && variant.isEmpty()) {
                return new Floor(transport, text);
            }
            boolean isCapturing = words.size() == 2;
            if (isCapturing || (words.size() == 3 && words.getLast().equals("nocapture"))) {
                if (words.getFirst().equals("path")) {
                    return new Path(transport, isCapturing, variant, text);
                }
                if (words.getFirst().equals("tdb") && variant.isEmpty()) {
                    return new Tdb(transport, isCapturing, text);
                }
            }
        }
        throw new IllegalArgumentException("way '" + text + "', expected direct, pgbouncer, mysqlrouter, haproxy,"
                + " tdb:epoll|io_uring|nio[:nocapture], floor:epoll|io_uring|nio or"
                + " path:epoll|io_uring|nio[:nocapture][@VARIANT]");
    }
}
