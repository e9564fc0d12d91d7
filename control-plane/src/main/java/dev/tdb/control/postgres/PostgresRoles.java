package dev.tdb.control.postgres;

import dev.tdb.control.secret.Tokens;
import dev.tdb.proxy.credential.Role;
import java.util.List;

/**
 * The roles of one tenant database, none of which can log in. They are what clients see as {@code current_user}, so their
 * names follow from the database's and never change.
 *
 * @param owner owns the database and all that is made in it
 * @param write may change data
 * @param read may select
 */
record PostgresRoles(String owner, String write, String read) {
    private static final int NAME_BYTES_MAX = 63;
    private static final int DIGEST_CHARS = 8;

    static PostgresRoles of(String database) {
        return new PostgresRoles(name(database, "_owner"), name(database, "_write"), name(database, "_read"));
    }

    /** A name too long for PostgreSQL is cut, and told from its like by a digest of the whole. */
    private static String name(String database, String suffix) {
        if (database.length() + suffix.length() <= NAME_BYTES_MAX) {
            return database + suffix;
        }
        String digest = "_" + Tokens.sha256Hex(database).substring(0, DIGEST_CHARS);
        int kept = NAME_BYTES_MAX - digest.length() - suffix.length();
        return database.substring(0, kept) + digest + suffix;
    }

    String of(Role role) {
        return switch (role) {
            case READ -> read;
            case WRITE -> write;
            case ADMIN -> owner;
        };
    }

    List<String> all() {
        return List.of(owner, write, read);
    }
}
