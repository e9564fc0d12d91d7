package dev.tdb.admin.http;

/**
 * Which stretch of a list is asked for.
 *
 * @param limit 1 to {@link #LIMIT_MAX}
 * @param offset 0 or more
 */
public record Page(int limit, int offset) {
    public static final int LIMIT_MAX = 1000;
    public static final int LIMIT_DEFAULT = 100;

    public Page {
        if (limit < 1 || limit > LIMIT_MAX || offset < 0) {
            throw new IllegalArgumentException("page of " + limit + " from " + offset);
        }
    }
}
