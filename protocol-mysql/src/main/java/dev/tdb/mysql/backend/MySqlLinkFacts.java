package dev.tdb.mysql.backend;

import dev.tdb.proxy.backend.LinkFacts;

/**
 * What a server said of itself, and of one session, while it logged the proxy in.
 *
 * @param connectionId the server's own: never shown to a client
 * @param database the physical one of the route
 * @param isInDatabase whether the session began in it; else in none
 * @param takesAttributes whether every text comes with query attributes, or says that there are none
 * @param multiStatements whether a text may hold several statements, as the login had it
 */
public record MySqlLinkFacts(
        String serverVersion,
        int connectionId,
        String database,
        boolean isInDatabase,
        boolean takesAttributes,
        boolean multiStatements,
        Charsets charsets)
        implements LinkFacts {
    /**
     * The character sets that a login came to have by the collation it asked for, as names.
     *
     * @param results empty for none: nothing is converted
     */
    public record Charsets(String client, String connectionCollation, String results) {}

    public boolean isMariaDb() {
        return serverVersion.contains("MariaDB");
    }
}
