package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.DatabaseFacts;
import dev.tdb.control.engine.ServerFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Looks at servers and databases; changes nothing. */
final class PostgresInspection {
    private final PostgresConnector connector;

    PostgresInspection(PostgresConnector connector) {
        this.connector = connector;
    }

    ServerFacts serverFacts(AdminAccess admin) throws SQLException {
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT (SELECT system_identifier::text FROM pg_control_system()), version(),"
                                + " current_setting('server_version_num')::int / 10000, pg_is_in_recovery()"
                                + " OR current_setting('default_transaction_read_only')::bool")) {
            row.next();
            return new ServerFacts(row.getString(1), row.getString(2), row.getInt(3), row.getBoolean(4));
        }
    }

    /**
     * Takes an advisory lock of a random number through one address and looks for it through the other: such locks live
     * in the memory of one running server, are not replicated, and a server in recovery has them too. The system
     * identifier is only compared first, because a promoted replica keeps that of its source.
     */
    boolean isSameServer(AdminAccess a, AdminAccess b) throws SQLException {
        if (!serverFacts(a).systemIdentifier().equals(serverFacts(b).systemIdentifier())) {
            return false;
        }
        int high = ThreadLocalRandom.current().nextInt();
        int low = ThreadLocalRandom.current().nextInt();
        try (Connection holder = connector.admin(a, PostgresConnector.MAINTENANCE_DATABASE);
                Connection witness = connector.admin(b, PostgresConnector.MAINTENANCE_DATABASE)) {
            Sql.run(holder, "SELECT pg_advisory_lock(" + high + ", " + low + ")");
            try (PreparedStatement statement = witness.prepareStatement("SELECT 1 FROM pg_locks"
                    + " WHERE locktype = 'advisory' AND classid::int8 = ? AND objid::int8 = ? AND objsubid = 2"
                    + " AND granted")) {
                statement.setLong(1, Integer.toUnsignedLong(high));
                statement.setLong(2, Integer.toUnsignedLong(low));
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next();
                }
            }
        }
    }

    DatabaseFacts databaseFacts(AdminAccess admin, String database) throws SQLException {
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE);
                PreparedStatement statement =
                        connection.prepareStatement("SELECT pg_encoding_to_char(d.encoding), pg_database_size(d.oid),"
                                + " (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid AND a.backend_type ="
                                + " 'client backend' AND a.pid <> pg_backend_pid()), (SELECT coalesce(max(extract(epoch"
                                + " FROM clock_timestamp() - a.xact_start)), 0) FROM pg_stat_activity a WHERE a.datid ="
                                + " d.oid AND a.backend_type = 'client backend') FROM pg_database d WHERE d.datname = ?"
                                + " AND d.datallowconn")) {
            statement.setString(1, database);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return DatabaseFacts.missing();
                }
                return new DatabaseFacts(
                        true,
                        row.getString(1),
                        missingRoles(connection, database),
                        row.getInt(3),
                        Duration.ofMillis(Math.round(row.getDouble(4) * 1000)),
                        row.getLong(2));
            }
        }
    }

    private static List<String> missingRoles(Connection connection, String database) throws SQLException {
        List<String> missing = new ArrayList<>(PostgresRoles.of(database).all());
        missing.removeAll(Sql.existing(connection, missing));
        return missing;
    }
}
