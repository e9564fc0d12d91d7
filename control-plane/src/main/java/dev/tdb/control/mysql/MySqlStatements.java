package dev.tdb.control.mysql;

import java.util.Optional;
import java.util.Set;

/**
 * What the words of a statement tell before a server has seen it. It spares a round trip and gives better sentences; it
 * guards nothing: the server decides, by the rights of the login.
 */
final class MySqlStatements {
    /** Each of them changes rows and nothing else, so that a transaction can hold it and the note that it ran. */
    private static final Set<String> CHANGES_OF_ROWS =
            Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT", "WITH", "VALUES", "TABLE", "DO");

    private static final Set<String> TRANSACTION = Set.of("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "XA");
    private static final Set<String> SESSION = Set.of("USE", "LOCK", "UNLOCK", "PREPARE", "EXECUTE", "DEALLOCATE");
    private static final Set<String> OF_THE_SERVER =
            Set.of("DATABASE", "SCHEMA", "USER", "ROLE", "SERVER", "EVENT", "TABLESPACE", "INSTANCE");
    private static final Set<String> DEFINITIONS =
            Set.of("CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE", "GRANT", "REVOKE", "ANALYZE", "OPTIMIZE", "REPAIR");
    private static final Set<String> QUERIES = Set.of(
            "SELECT",
            "WITH",
            "VALUES",
            "TABLE",
            "INSERT",
            "REPLACE",
            "UPDATE",
            "DELETE",
            "EXPLAIN",
            "DESCRIBE",
            "DESC",
            "SHOW",
            "CALL");

    private MySqlStatements() {}

    static boolean changesRowsOnly(String sql) {
        return CHANGES_OF_ROWS.contains(MySqlWords.of(sql).first());
    }

    /** Whether it changes the session, for the statements behind it. */
    static boolean sets(String sql) {
        return MySqlWords.of(sql).first().equals("SET");
    }

    static Optional<String> unfitForVersion(String sql) {
        MySqlWords found = MySqlWords.of(sql);
        String first = found.first();
        if (first.isEmpty()) {
            return Optional.of("has no statement in it");
        }
        boolean transaction = TRANSACTION.contains(first)
                || (first.equals("START") && found.second().equals("TRANSACTION"))
                || (first.equals("SET") && found.words().contains("AUTOCOMMIT"));
        if (transaction) {
            return Optional.of("begins or ends a transaction: each statement of a version is one by itself");
        }
        if (SESSION.contains(first)) {
            return Optional.of("begins with " + first
                    + ", which has no meaning in a version: its statements run by themselves, in the tenant's"
                    + " database");
        }
        if (first.equals("DELIMITER")) {
            return Optional.of(
                    "begins with DELIMITER, which only the mysql client knows: a routine is one statement here");
        }
        if (first.equals("LOAD")) {
            return Optional.of("loads a file, and a version has none: use INSERT");
        }
        boolean beyond = first.equals("GRANT")
                || first.equals("REVOKE")
                || (DEFINITIONS.contains(first) && OF_THE_SERVER.contains(found.second()));
        if (beyond) {
            return Optional.of("is about more than what is in a tenant's database: its databases, users and events are"
                    + " the server's");
        }
        return Optional.empty();
    }

    static Optional<String> unfitForQuery(String sql) {
        MySqlWords found = MySqlWords.of(sql);
        String first = found.first();
        if (first.isEmpty()) {
            return Optional.of("has no statement in it");
        }
        if (DEFINITIONS.contains(first)) {
            return Optional.of("is DDL (" + first
                    + "), which is not run here: add a version to the blueprint and deploy it, or use a driver and a"
                    + " key of role admin");
        }
        if (!QUERIES.contains(first)) {
            return Optional.of(
                    "begins with " + first + ", expected SELECT, WITH, VALUES, TABLE, INSERT, REPLACE, UPDATE,"
                            + " DELETE, CALL, EXPLAIN, DESCRIBE or SHOW");
        }
        return found.more() ? Optional.of("has more than one statement") : Optional.empty();
    }
}
