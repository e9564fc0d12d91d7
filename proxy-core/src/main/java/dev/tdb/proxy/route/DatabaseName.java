package dev.tdb.proxy.route;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name a client asks for, {@code blueprint__tenant}.
 *
 * @param blueprint lower-case letters, digits and single underscores, 1 to 30 characters
 * @param tenant of the same shape
 */
public record DatabaseName(String blueprint, String tenant) {
    /** Longest blueprint or tenant: two of them and the separator fit every engine's limit (63 bytes). */
    public static final int PART_CHARS_MAX = 30;

    private static final Pattern PART = Pattern.compile("[a-z0-9]+(_[a-z0-9]+)*");
    private static final String SEPARATOR = "__";

    public DatabaseName {
        if (!isPart(blueprint) || !isPart(tenant)) {
            throw new IllegalArgumentException("not a database name: " + blueprint + SEPARATOR + tenant);
        }
    }

    /** Whether {@code text} may name a blueprint or a tenant. */
    public static boolean isPart(String text) {
        return text.length() <= PART_CHARS_MAX && PART.matcher(text).matches();
    }

    /** Empty when {@code text} is not of the form {@code blueprint__tenant}. */
    public static Optional<DatabaseName> parse(String text) {
        int at = text.indexOf(SEPARATOR);
        if (at < 0) {
            return Optional.empty();
        }
        String blueprint = text.substring(0, at);
        String tenant = text.substring(at + SEPARATOR.length());
        return isPart(blueprint) && isPart(tenant)
                ? Optional.of(new DatabaseName(blueprint, tenant))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return blueprint + SEPARATOR + tenant;
    }
}
