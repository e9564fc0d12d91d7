package dev.tdb.control.mysql;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.control.secret.Tokens;
import dev.tdb.proxy.route.BackendLogin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Applies versions of a blueprint, each statement once in the life of a database.
 *
 * <p>A statement that changes the schema commits whatever was open and cannot be taken back, so a version is not one
 * transaction here. Its mark, a row of {@code tdb_versions}, counts its statements that are done instead:
 *
 * <pre>
 *   changes rows only       statement and count + 1 are one transaction
 *   anything else           what the schema looks like, is written; statement; count + 1
 * </pre>
 *
 * <p>Who finds a picture of the schema there, because a process ended in the middle, compares: the statement was done
 * exactly if the schema is another one now, for a single one is atomic on both products. A version that has failed half
 * way is gone on with where it stopped.
 *
 * <p>Two that apply at a time, as a process that was killed and its successor may, meet at a user lock.
 */
final class MySqlVersions {
    static final String TABLE = "tdb_versions";

    private static final int NO_SUCH_TABLE = 1146;
    private static final String LOCK_WAIT_TIMEOUT = "1205";

    /** With deadlocks, and in MySQL a lock that a NOWAIT did not have: a new attempt may do. */
    private static final Set<String> BUSY = Set.of(LOCK_WAIT_TIMEOUT, "1213", "3572");

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final MySqlConnector connector;

    MySqlVersions(MySqlConnector connector) {
        this.connector = connector;
    }

    void apply(AdminAccess at, String database, BackendLogin owner, List<VersionScript> versions, ApplyTerms terms)
            throws SQLException {
        for (int attempt = 1; true; attempt++) {
            Optional<EngineException> busy;
            try (Connection connection =
                    connector.bounded(at.address(), at.tls(), database, owner, terms.statementTimeout())) {
                busy = new Run(connection, at, database, terms).apply(versions);
            }
            if (busy.isEmpty()) {
                return;
            }
            if (attempt >= terms.attempts()) {
                throw busy.get();
            }
            pause();
        }
    }

    /**
     * Whether a statement of the version has run, or may have. The table is the tenant's, who may put a view in its place:
     * HANDLER reads tables only, and runs nothing.
     */
    boolean has(AdminAccess admin, String database, VersionScript version) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            boolean there = Sql.exists(
                    connection,
                    "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
                    database,
                    TABLE);
            if (!there) {
                return false;
            }
            Sql.run(connection, "HANDLER " + Sql.name(database) + "." + TABLE + " OPEN AS marks");
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("HANDLER marks READ `PRIMARY` = (" + version.version() + ", "
                            + Sql.text(version.mark()) + ")")) {
                return row.next() && (row.getInt("done") > 0 || row.getString("picture") != null);
            }
        }
    }

    private static void pause() throws SQLException {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while a lock was waited for", e);
        }
    }

    /** One session of the owner. */
    private static final class Run {
        private final Connection connection;
        private final AdminAccess at;
        private final String database;
        private final ApplyTerms terms;
        private String what = "beginning";

        Run(Connection connection, AdminAccess at, String database, ApplyTerms terms) {
            this.connection = connection;
            this.at = at;
            this.database = database;
            this.terms = terms;
        }

        /** @return why not, when somebody else stood in the way; empty when it is done */
        Optional<EngineException> apply(List<VersionScript> versions) throws SQLException {
            try {
                prepare();
                for (VersionScript version : versions) {
                    apply(version);
                }
                return Optional.empty();
            } catch (SQLException e) {
                EngineException failure = failed(e);
                if (BUSY.contains(failure.code())) {
                    return Optional.of(failure);
                }
                throw failure;
            }
        }

        private void prepare() throws SQLException {
            long lockSeconds = Math.max(1, terms.lockTimeout().toSeconds());
            Sql.run(
                    connection,
                    "SET SESSION lock_wait_timeout = " + lockSeconds + ", innodb_lock_wait_timeout = " + lockSeconds
                            + ", " + MySqlProduct.of(connection).statementLimit(terms.statementTimeout()));
            String lock = "tdb.versions." + Tokens.sha256Hex(database).substring(0, 32);
            if (!Sql.one(connection, "SELECT GET_LOCK(?, ?)", lock, lockSeconds).equals("1")) {
                throw new SQLException(
                        "another session is applying versions", "HY000", Integer.parseInt(LOCK_WAIT_TIMEOUT));
            }
            try {
                Sql.column(connection, "SELECT version FROM " + TABLE + " LIMIT 0");
            } catch (SQLException e) {
                if (e.getErrorCode() != NO_SUCH_TABLE) {
                    throw e;
                }
                Sql.run(
                        connection,
                        "CREATE TABLE IF NOT EXISTS " + TABLE + " (version INT NOT NULL, mark CHAR(64) CHARACTER SET"
                                + " ascii NOT NULL, done INT NOT NULL, picture CHAR(64) CHARACTER SET ascii,"
                                + " applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE"
                                + " CURRENT_TIMESTAMP, PRIMARY KEY (version, mark)) ENGINE = InnoDB");
            }
            connection.setAutoCommit(false);
        }

        private void apply(VersionScript version) throws SQLException {
            what = "writing the mark of version " + version.version();
            note(version, "INSERT IGNORE INTO " + TABLE + " (version, mark, done) VALUES (?, ?, 0)");
            connection.commit();
            int done = Integer.parseInt(found(version, "done"));
            if (done == version.statements().size()) {
                return;
            }
            String picture = found(version, "picture");
            if (!picture.isEmpty() && !picture.equals(SchemaPicture.of(connection, database))) {
                done++;
                count(version);
            }
            for (int i = 0; i < version.statements().size(); i++) {
                String statement = version.statements().get(i);
                what = "statement " + (i + 1) + " of version " + version.version();
                if (i >= done) {
                    once(version, statement);
                } else if (MySqlStatements.sets(statement)) {
                    Sql.run(connection, statement); // The session is another one.
                }
            }
        }

        private void once(VersionScript version, String statement) throws SQLException {
            if (!MySqlStatements.changesRowsOnly(statement)) {
                String picture = SchemaPicture.of(connection, database);
                note(version, "UPDATE " + TABLE + " SET picture = '" + picture + "' WHERE version = ? AND mark = ?");
                connection.commit();
            }
            try {
                Sql.run(connection, statement);
            } catch (SQLException e) {
                if (!MySqlConnector.isLost(e)) {
                    connection.rollback();
                    note(version, "UPDATE " + TABLE + " SET picture = NULL WHERE version = ? AND mark = ?");
                    connection.commit();
                }
                throw e;
            }
            count(version);
        }

        private void count(VersionScript version) throws SQLException {
            note(version, "UPDATE " + TABLE + " SET done = done + 1, picture = NULL WHERE version = ? AND mark = ?");
            connection.commit();
        }

        private void note(VersionScript version, String sql) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, version.version());
                statement.setString(2, version.mark());
                statement.executeUpdate();
            }
        }

        private String found(VersionScript version, String column) throws SQLException {
            return Sql.one(
                    connection,
                    "SELECT " + column + " FROM " + TABLE + " WHERE version = ? AND mark = ?",
                    version.version(),
                    version.mark());
        }

        private EngineException failed(SQLException e) {
            EngineException failure = MySqlConnector.failed(at.address(), what, e);
            if (!failure.code().equals(LOCK_WAIT_TIMEOUT)) {
                return failure;
            }
            return new EngineException(
                    failure.sentence() + ": a lock was not had within "
                            + terms.lockTimeout().toMillis() + " ms, in " + terms.attempts()
                            + " attempts. Deploy again when the tenant's long transactions have ended",
                    failure.unreachable(),
                    failure.code(),
                    e);
        }
    }
}
