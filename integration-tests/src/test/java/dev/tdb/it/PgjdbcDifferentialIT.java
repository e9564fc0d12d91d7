package dev.tdb.it;

import static java.util.Objects.requireNonNull;

import dev.tdb.it.Differential.Ground;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** pgjdbc is told the same by the proxy as by the server: statements of all kinds, their errors and their notices. */
@ExtendWith(OneDifferential.class)
final class PgjdbcDifferentialIT {
    private static Differential differential;

    @BeforeAll
    static void take(Differential shared) {
        differential = shared;
    }

    @ParameterizedTest
    @CsvSource({
        "simple, STILL",
        "extended, STILL",
        "extendedForPrepared, STILL",
        "extendedCacheEverything, STILL",
        "simple, MOVING",
        "extended, MOVING",
        "extendedCacheEverything, MOVING",
    })
    void statements(String mode, Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect("preferQueryMode", mode, "prepareThreshold", "2")) {
                transcript.execute(
                        connection, "CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, price numeric(8,2))");
                transcript.execute(connection, "INSERT INTO item VALUES (1, 'one', 1.10), (2, 'two', NULL)");
                transcript.execute(connection, "SELECT * FROM item ORDER BY id");
                transcript.execute(connection, "INSERT INTO item VALUES (1, 'again', 2)");
                transcript.execute(connection, "SELECT nothing FROM item");
                transcript.execute(connection, "SELEC 1");
                transcript.execute(connection, "");
                transcript.execute(
                        connection, "SELECT 1; INSERT INTO item VALUES (3, 'three', 3); SELECT 2 / 0; SELECT 4");
                transcript.execute(connection, "SELECT count(*) FROM item");
                transcript.prepared(connection, 4, "SELECT name, ?::int + id FROM item WHERE id = ?", 40, 2);
                transcript.prepared(connection, 2, "UPDATE item SET price = ? WHERE id > ?", 3, 0);
                transcript.prepared(connection, 2, "INSERT INTO item VALUES (?, ?, NULL)", 1, null);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"simple, STILL", "extended, STILL", "simple, MOVING", "extended, MOVING"})
    void severalResultsOfOneStatement(String mode, Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect("preferQueryMode", mode)) {
                transcript.execute(
                        connection,
                        "CREATE TABLE item (id int); SELECT 1 AS a; INSERT INTO item SELECT generate_series(1, 5);"
                                + " ; UPDATE item SET id = -id WHERE id > 3; SELECT * FROM item ORDER BY id;"
                                + " DELETE FROM item RETURNING id; SELECT count(*) FROM item; DROP TABLE item");
                transcript.execute(connection, "SELECT 1 WHERE false; SELECT 'ü' AS \"ü ü\", NULL::text, ''");
                transcript.execute(connection, "BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; ROLLBACK; SELECT 3");
                transcript.execute(connection, "BEGIN; SELECT 1; SELECT 1 / 0; COMMIT");
                transcript.execute(connection, "SELECT 'in a failed transaction'");
                transcript.execute(connection, "ROLLBACK");
                transcript.execute(connection, "CREATE TABLE kept (id int); SELECT 1 / 0");
                transcript.execute(connection, "SELECT to_regclass('kept')");
                transcript.execute(connection, "SHOW search_path; SET search_path = side; SHOW search_path");
                transcript.execute(connection, "EXPLAIN (COSTS off) SELECT 1");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void errorsWithAllTheirParts(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                Faults.TABLES.forEach(sql -> transcript.execute(connection, sql));
                Faults.STATEMENTS.forEach(sql -> transcript.execute(connection, sql));
                Faults.UNREAD_STATEMENTS.forEach(sql -> transcript.execute(connection, sql));
                transcript.prepared(connection, 1, "SELECT ?::int", "no number");
                transcript.prepared(connection, 1, "SELECT ? + nothing", 1);
                connection.setAutoCommit(false);
                transcript.execute(connection, "INSERT INTO late VALUES (1), (1)");
                transcript.attempt("commit of what fails at the end", connection::commit);
                transcript.execute(connection, "SELECT count(*) FROM late");
                transcript.attempt("commit", connection::commit);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void notices(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                Faults.TABLES.forEach(sql -> transcript.execute(connection, sql));
                for (String level : List.of("debug", "log", "info", "notice", "warning")) {
                    transcript.execute(connection, "SELECT say('" + level + "', 'said as " + level + "')");
                }
                transcript.execute(connection, "SET client_min_messages = debug");
                transcript.execute(connection, "SELECT say('debug', 'heard now'), say('log', 'and this')");
                transcript.execute(connection, "RESET client_min_messages");
                transcript.execute(connection, "DROP TABLE IF EXISTS never_there, nor_this");
                transcript.execute(connection, "SELECT say('notice', 'before the fault'), 1 / 0");
                transcript.execute(connection, "SELECT say('warning', repeat('long ', 20000))");
                transcript.execute(connection, "COMMIT");
                transcript.execute(connection, "BEGIN; BEGIN; COMMIT");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void savepoints(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect("autosave", "conservative")) {
                transcript.execute(connection, "CREATE TABLE item (id int PRIMARY KEY)");
                for (int round = 0; round < 2; round++) {
                    connection.setAutoCommit(false);
                    transcript.execute(connection, "INSERT INTO item VALUES (1)");
                    Savepoint outer = connection.setSavepoint("outer one");
                    transcript.execute(connection, "INSERT INTO item VALUES (2)");
                    Savepoint inner = connection.setSavepoint();
                    transcript.execute(connection, "INSERT INTO item VALUES (2)");
                    transcript.attempt("back to the inner one", () -> connection.rollback(inner));
                    transcript.execute(connection, "INSERT INTO item VALUES (3)");
                    transcript.attempt("without the inner one", () -> connection.releaseSavepoint(inner));
                    transcript.attempt("back to the outer one", () -> connection.rollback(outer));
                    transcript.attempt("back to what is gone", () -> connection.rollback(inner));
                    transcript.execute(connection, "SELECT * FROM item ORDER BY id");
                    transcript.attempt("commit", connection::commit);
                    connection.setAutoCommit(true);
                    transcript.execute(connection, "SELECT * FROM item ORDER BY id");
                    transcript.execute(connection, "DELETE FROM item");
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"false, STILL", "true, STILL", "false, MOVING", "true, MOVING"})
    void batches(String rewrite, Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect("reWriteBatchedInserts", rewrite, "prepareThreshold", "2")) {
                transcript.execute(connection, "CREATE TABLE item (id serial PRIMARY KEY, n int UNIQUE CHECK (n > 0))");
                for (boolean autoCommit : new boolean[] {true, false}) {
                    connection.setAutoCommit(autoCommit);
                    transcript.attempt("of statements", () -> statements(connection, transcript));
                    transcript.attempt("commit", () -> commit(connection));
                    transcript.attempt("of rows", () -> rows(connection, transcript, 300, -1));
                    transcript.attempt("commit", () -> commit(connection));
                    transcript.attempt("of rows, one of them bad", () -> rows(connection, transcript, 300, 170));
                    transcript.attempt("commit", () -> commit(connection));
                    transcript.execute(connection, "SELECT count(*), sum(n) FROM item");
                    transcript.execute(connection, "TRUNCATE item RESTART IDENTITY");
                    transcript.attempt("commit", () -> commit(connection));
                }
            }
        });
    }

    private static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private static void statements(Connection connection, Transcript transcript) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.addBatch("INSERT INTO item (n) VALUES (1001)");
            statement.addBatch("UPDATE item SET n = n + 1");
            statement.addBatch("INSERT INTO item (n) VALUES (1001), (1001)");
            statement.addBatch("INSERT INTO item (n) VALUES (1003)");
            transcript.batch(statement);
        }
    }

    private static void rows(Connection connection, Transcript transcript, int count, int bad) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO item (n) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 1; i <= count; i++) {
                insert.setInt(1, i == bad ? -1 : i);
                insert.addBatch();
            }
            transcript.batch(insert);
            try (ResultSet keys = insert.getGeneratedKeys()) {
                transcript.rows(keys);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void generatedKeys(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                transcript.execute(
                        connection,
                        "CREATE TABLE item (id serial PRIMARY KEY, name text, made int GENERATED ALWAYS AS IDENTITY)");
                for (int i = 0; i < 3; i++) {
                    transcript.attempt("all columns", () -> {
                        try (Statement statement = connection.createStatement()) {
                            statement.executeUpdate(
                                    "INSERT INTO item (name) VALUES ('a'), ('b')", Statement.RETURN_GENERATED_KEYS);
                            transcript.rows(statement.getGeneratedKeys());
                        }
                    });
                    transcript.attempt("some columns", () -> {
                        try (PreparedStatement insert = connection.prepareStatement(
                                "INSERT INTO item (name) VALUES (?)", new String[] {"made", "id"})) {
                            insert.setString(1, "c");
                            insert.executeUpdate();
                            transcript.rows(insert.getGeneratedKeys());
                        }
                    });
                }
                transcript.attempt("of a column that is not there", () -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.executeUpdate("INSERT INTO item (name) VALUES ('d')", new String[] {"none"});
                    }
                });
            }
        });
    }

    /** The numbers of new objects are in the replies to questions of the catalog, so that the wire differs. */
    @ParameterizedTest
    @EnumSource(Ground.class)
    void descriptionsOfTablesAndParameters(Ground ground) throws Exception {
        differential.compareTold(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                Faults.TABLES.forEach(sql -> transcript.execute(connection, sql));
                transcript.attempt(
                        "tables", () -> transcript.rows(connection.getMetaData().getTables(null, "public", "%", null)));
                transcript.attempt(
                        "columns",
                        () -> transcript.rows(connection.getMetaData().getColumns(null, "public", "%", "%")));
                transcript.attempt(
                        "keys", () -> transcript.rows(connection.getMetaData().getPrimaryKeys(null, "public", "item")));
                transcript.attempt(
                        "foreign keys",
                        () -> transcript.rows(connection.getMetaData().getImportedKeys(null, "public", "part")));
                transcript.attempt("a statement", () -> {
                    try (PreparedStatement select = connection.prepareStatement(
                            "SELECT item.*, ? || name AS named FROM item WHERE id = ? AND color = ?")) {
                        for (int i = 1; i <= select.getParameterMetaData().getParameterCount(); i++) {
                            transcript.note("parameter " + i + " "
                                    + select.getParameterMetaData().getParameterTypeName(i) + " "
                                    + select.getParameterMetaData().getParameterClassName(i));
                        }
                        transcript.columns(requireNonNull(select.getMetaData()));
                    }
                });
                transcript.execute(connection, "SELECT * FROM item");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void parametersThatTheServerReports(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect("ApplicationName", "first")) {
                for (String sql : List.of(
                        "SELECT 1",
                        "SET TIME ZONE 'Asia/Kathmandu'",
                        "SET application_name = 'second'",
                        "SET DateStyle = 'ISO, DMY'",
                        "SET IntervalStyle = 'iso_8601'",
                        "SET default_transaction_read_only = on",
                        "SET search_path = one, \"Two\"",
                        "BEGIN; SET LOCAL TIME ZONE 'UTC'; COMMIT",
                        "BEGIN; SET application_name = 'third'; ROLLBACK",
                        "SET no_such_setting = 1",
                        "RESET ALL")) {
                    transcript.execute(connection, sql);
                    transcript.note(
                            new TreeMap<>(connection.unwrap(PGConnection.class).getParameterStatuses()).toString());
                }
            }
        });
    }
}
