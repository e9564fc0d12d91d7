package dev.tdb.control.postgres;

import dev.tdb.control.secret.Tokens;
import dev.tdb.proxy.credential.Role;
import java.util.List;

/**
 * The roles of one tenant database, none of which can log in. They are what clients see as {@code current_user}, so their
 * names follow from the database's and never change.
 *
 * <p>Every tenant of a server can read the names of all its roles, and PostgreSQL has no way to forbid it. So they carry
 * a digest of the database's name, not the name itself.
 *
 * @param owner owns all that is made in the database
 * @param write may change data
 * @param read may select
 */
record PostgresRoles(String owner, String write, String read) {
    /** 64 bits: enough that two databases of a server do not meet. */
    private static final int DIGEST_CHARS = 16;

    static PostgresRoles of(String database) {
        String digest = "_" + Tokens.sha256Hex(database).substring(0, DIGEST_CHARS);
        return new PostgresRoles("owner" + digest, "write" + digest, "read" + digest);
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
