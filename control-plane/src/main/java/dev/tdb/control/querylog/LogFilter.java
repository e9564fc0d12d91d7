package dev.tdb.control.querylog;

import dev.tdb.proxy.observe.QueryEvent;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a tenant to find, newest first: in the order in which they ended.
 *
 * @param limit 1 to 1000
 * @param offset how many to pass over; 0 when there is a {@code before}
 * @param type null for all
 * @param search a substring of the text, in any case; empty for all
 * @param source null for all
 * @param since that ended then or later; null for as far back as there is
 * @param before the id of an entry, from which to go on: pages that are linked so neither repeat nor miss an entry, however
 *     many are written in between; null to begin with the newest
 */
public record LogFilter(
        int limit,
        int offset,
        @Nullable Type type,
        String search,
        QueryEvent.@Nullable Source source,
        @Nullable Instant since,
        @Nullable String before) {
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
        return new LogFilter(LIMIT_DEFAULT, 0, null, "", null, null, null);
    }
}
