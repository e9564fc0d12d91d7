package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.ServerAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Applies versions of a blueprint, each once in the life of a database.
 *
 * <p>A version's mark is the first thing its transaction writes: a row of {@code tdb.versions}, unique. So the mark is
 * there exactly if the statements are, however the transaction ended for whoever asked; and two that apply one version at
 * a time, as a process that was killed and its successor may, meet at that row, where the second waits for the first and
 * then finds that it has nothing to do. The table is the administrator's. The owner may add rows and nothing else: a row
 * whose mark tdb did not make says nothing.
 */
final class PostgresVersions {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String ACTIVE_TRANSACTION = "25001";

    /** With deadlock_detected and serialization_failure: a new attempt may do. */
    private static final Set<String> BUSY = Set.of(LOCK_NOT_AVAILABLE, "40P01", "40001");

    /** A process that stands still in the middle keeps its locks no longer than this. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);

    private static final int RESULT_BYTES_MAX = 16 << 20;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final PostgresConnector connector;

    PostgresVersions(PostgresConnector connector) {
        this.connector = connector;
    }

    /** Makes the place of the marks. Of a session of the administrator in the tenant's database. */
    static void prepare(Connection admin, PostgresRoles roles) throws SQLException {
        String owner = Sql.name(roles.owner());
        String everybody = owner + ", " + Sql.name(roles.write()) + ", " + Sql.name(roles.read());
        Sql.run(
                admin,
                "CREATE SCHEMA IF NOT EXISTS tdb",
                "CREATE TABLE IF NOT EXISTS tdb.versions (version integer NOT NULL, mark text NOT NULL,"
                        + " applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (version, mark))",
                // To read is for the tenant's own backups: pg_dump takes all it sees, or nothing.
                "GRANT USAGE ON SCHEMA tdb TO " + everybody,
                "GRANT SELECT ON tdb.versions TO " + everybody,
                "GRANT INSERT ON tdb.versions TO " + owner);
    }

    void apply(AdminAccess at, String database, BackendLogin owner, List<VersionScript> versions, ApplyTerms terms)
            throws SQLException {
        for (int attempt = 1; true; attempt++) {
            try (Connection connection =
                    connector.tenant(at.address(), at.tls(), database, owner, session(database, terms))) {
                connection.setAutoCommit(false);
                if (!canMark(connection)) {
                    connection.rollback();
                    prepare(at, database);
                }
                Optional<EngineException> busy = applied(connection, at.address(), versions, terms);
                if (busy.isEmpty()) {
                    return;
                }
                if (attempt >= terms.attempts()) {
                    throw busy.get();
                }
            }
            pause();
        }
    }

    private static PostgresConnector.Terms session(String database, ApplyTerms terms) {
        String settings = "-c lock_timeout=" + terms.lockTimeout().toMillis() + " -c statement_timeout="
                + terms.statementTimeout().toMillis() + " -c idle_in_transaction_session_timeout="
                + IDLE_MAX.toMillis();
        return new PostgresConnector.Terms(
                PostgresRoles.of(database).owner(), settings, terms.statementTimeout(), RESULT_BYTES_MAX);
    }

    /** Databases that were made before there were marks have no place for them, and an owner can drop its rights. */
    private static boolean canMark(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT coalesce(pg_catalog.has_table_privilege(c.oid, 'INSERT'), false)"
                                + " AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') FROM pg_catalog.pg_namespace n"
                                + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'versions'"
                                + " WHERE n.nspname = 'tdb'")) {
            return row.next() && row.getBoolean(1);
        }
    }

    boolean has(AdminAccess admin, String database, VersionScript version) throws SQLException {
        try (Connection connection = connector.admin(admin, database)) {
            return Sql.exists(
                            connection,
                            "SELECT 1 FROM pg_tables WHERE schemaname = 'tdb' AND tablename = ?",
                            "versions")
                    && Sql.exists(connection, "SELECT 1 FROM tdb.versions WHERE mark = ?", version.mark());
        }
    }

    private void prepare(AdminAccess admin, String database) throws SQLException {
        try (Connection connection = connector.admin(admin, database)) {
            connection.setAutoCommit(false);
            prepare(connection, PostgresRoles.of(database));
            connection.commit();
        }
    }

    /** @return why not, when another transaction stood in the way; empty when it is done */
    private static Optional<EngineException> applied(
            Connection connection, ServerAddress address, List<VersionScript> versions, ApplyTerms terms)
            throws SQLException {
        String what = "beginning";
        try {
            String transaction = transaction(connection);
            for (VersionScript version : versions) {
                what = "writing the mark of version " + version.version();
                if (!mark(connection, version)) {
                    continue;
                }
                for (int i = 0; i < version.statements().size(); i++) {
                    what = "statement " + (i + 1) + " of version " + version.version();
                    Sql.run(connection, version.statements().get(i));
                    checkOpen(connection, what);
                }
            }
            what = "the end of the transaction";
            if (!transaction(connection).equals(transaction)) {
                throw endsTransaction(
                        "a statement of version " + versions.getLast().version());
            }
            connection.commit();
            return Optional.empty();
        } catch (SQLException e) {
            EngineException failure = failed(address, what, terms, e);
            if (BUSY.contains(failure.code())) {
                return Optional.of(failure);
            }
            throw failure;
        }
    }

    private static String transaction(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_xact_id()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    /** @return false when the database has this version */
    private static boolean mark(Connection connection, VersionScript version) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO tdb.versions (version, mark) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            statement.setInt(1, version.version());
            statement.setString(2, version.mark());
            return statement.executeUpdate() == 1;
        }
    }

    private static void checkOpen(Connection connection, String what) throws SQLException {
        if (connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.OPEN) {
            throw endsTransaction(what);
        }
    }

    private static EngineException endsTransaction(String what) {
        return new EngineException(
                what + " ends the transaction that all statements of a version share",
                false,
                new IllegalStateException("transaction ended"));
    }

    private static EngineException failed(ServerAddress address, String what, ApplyTerms terms, SQLException e) {
        EngineException failure = PostgresConnector.failed(address, what, e);
        String hint = switch (failure.code()) {
            case LOCK_NOT_AVAILABLE ->
                ": a lock was not had within " + terms.lockTimeout().toMillis() + " ms, in " + terms.attempts()
                        + " attempts. Deploy again when the tenant's long transactions have ended";
            case ACTIVE_TRANSACTION ->
                ". A version is one transaction: run this statement apart, with a key of role admin";
            default -> "";
        };
        return new EngineException(failure.sentence() + hint, failure.unreachable(), failure.code(), e);
    }

    private static void pause() throws SQLException {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while a lock was waited for", e);
        }
    }
}
