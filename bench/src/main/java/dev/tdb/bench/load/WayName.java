package dev.tdb.bench.load;

import dev.tdb.proxy.relay.Transport;
import java.util.List;
import java.util.Locale;

/**
 * What a way is to be, as it is written on the command line: {@code direct}, {@code pgbouncer}, {@code haproxy}, or
 * {@code tdb:TRANSPORT[:nocapture][@BUILD]}.
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

    record Balancer() implements WayName {
        @Override
        public String text() {
            return Way.HAPROXY;
        }
    }

    /** @param build the name of another build to run; empty for this one */
    record Tdb(Transport transport, boolean isCapturing, String build, String text) implements WayName {}

    /** @throws IllegalArgumentException that says what was expected */
    static WayName parse(String text) {
        return switch (text) {
            case Way.DIRECT -> new Direct();
            case Way.PGBOUNCER -> new Bouncer();
            case Way.HAPROXY -> new Balancer();
            default -> tdb(text);
        };
    }

    private static Tdb tdb(String text) {
        int at = text.indexOf('@');
        String build = at < 0 ? "" : text.substring(at + 1);
        List<String> words = List.of((at < 0 ? text : text.substring(0, at)).split(":", -1));
        boolean isKnown = words.getFirst().equals("tdb")
                && (words.size() == 2 || (words.size() == 3 && words.get(2).equals("nocapture")));
        if (!isKnown) {
            throw new IllegalArgumentException("way '" + text
                    + "', expected direct, pgbouncer, haproxy or tdb:epoll|io_uring|nio[:nocapture][@BUILD]");
        }
        return new Tdb(Transport.valueOf(words.get(1).toUpperCase(Locale.ROOT)), words.size() == 2, build, text);
    }
}
