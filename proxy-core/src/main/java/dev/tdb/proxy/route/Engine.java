package dev.tdb.proxy.route;

import java.util.Locale;

/** A database product that tdb routes to. */
public enum Engine {
    POSTGRES("PostgreSQL", 5432),
    MYSQL("MySQL", 3306),
    MONGODB("MongoDB", 27017),
    REDIS("Redis", 6379);

    private final String title;
    private final int port;

    Engine(String title, int port) {
        this.title = title;
        this.port = port;
    }

    /** The canonical {@code database_type} of the API. */
    public String title() {
        return title;
    }

    /** The port its servers, and our listeners for it, use by default. */
    public int defaultPort() {
        return port;
    }

    /** The word of the command line: {@code postgres}, {@code mysql}, {@code mongodb}, {@code redis}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #title()} or {@link #word()} in any case.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Engine parse(String text) {
        for (Engine engine : values()) {
            if (engine.title.equalsIgnoreCase(text) || engine.word().equalsIgnoreCase(text)) {
                return engine;
            }
        }
        throw new IllegalArgumentException(
                "database type '" + text + "', expected PostgreSQL, MySQL, MongoDB or Redis");
    }
}
