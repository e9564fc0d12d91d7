package dev.tdb.control.mysql;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.DatabaseFacts;
import dev.tdb.control.engine.ServerFacts;
import dev.tdb.control.secret.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Looks at servers and databases; changes nothing. */
final class MySqlInspection {
    /** As releases have it: a flag, or since MariaDB 12 a word. */
    private static final Set<String> WRITABLE = Set.of("0", "OFF");

    private static final int PROOF_BYTES = 16;

    private final MySqlConnector connector;

    MySqlInspection(MySqlConnector connector) {
        this.connector = connector;
    }

    ServerFacts serverFacts(AdminAccess admin) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            MySqlProduct product = MySqlProduct.of(connection);
            String version = Sql.one(connection, "SELECT VERSION()");
            return new ServerFacts(
                    Sql.one(connection, product.identifierQuery()),
                    version,
                    Integer.parseInt(version.substring(0, version.indexOf('.'))),
                    !WRITABLE.contains(Sql.one(connection, "SELECT @@global.read_only")));
        }
    }

    /**
     * Takes a user lock of a random name through one address and looks who holds it through the other: such locks live in
     * the memory of one running server and are not replicated.
     */
    boolean isSameServer(AdminAccess a, AdminAccess b) throws SQLException {
        if (!serverFacts(a).systemIdentifier().equals(serverFacts(b).systemIdentifier())) {
            return false;
        }
        String lock = "tdb.same." + Tokens.bytes(PROOF_BYTES).revealHex();
        try (Connection holder = connector.admin(a);
                Connection witness = connector.admin(b)) {
            Sql.one(holder, "SELECT GET_LOCK(?, 0)", lock);
            String owner = Sql.one(witness, "SELECT IS_USED_LOCK(?)", lock);
            return owner.equals(Sql.one(holder, "SELECT CONNECTION_ID()"));
        }
    }

    DatabaseFacts databaseFacts(AdminAccess admin, String database) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            List<String> encoding = Sql.column(
                    connection,
                    "SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
                    database);
            if (encoding.isEmpty()) {
                return DatabaseFacts.missing();
            }
            return new DatabaseFacts(
                    true,
                    encoding.getFirst(),
                    List.of(), // What a login may do is granted to it by itself.
                    number(connection, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = ?", database)
                            .intValue(),
                    Duration.ofSeconds(number(
                            connection,
                            "SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, t.trx_started, NOW())), 0)"
                                    + " FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p"
                                    + " ON p.ID = t.trx_mysql_thread_id WHERE p.DB = ?",
                            database)),
                    number(
                            connection,
                            "SELECT COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) FROM information_schema.TABLES"
                                    + " WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
                            database));
        }
    }

    private static Long number(Connection connection, String sql, String database) throws SQLException {
        return Long.valueOf(Sql.one(connection, sql, database));
    }
}
