package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a tenant to find, newest first.
 *
 * @param limit 1 to 1000
 * @param type null for all
 * @param search a substring of the text, in any case; empty for all
 * @param source null for all
 * @param since null for as far back as there is
 */
public record LogFilter(
        int limit,
        int offset,
        @Nullable Type type,
        String search,
        QueryEvent.@Nullable Source source,
        @Nullable Instant since) {
    public static final int LIMIT_DEFAULT = 50;

    /** The {@code type} of the API. */
    public enum Type {
        ERROR,
        /** At or above the configured threshold. */
        SLOW;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static LogFilter newest() {
        return new LogFilter(LIMIT_DEFAULT, 0, null, "", null, null);
    }
}
