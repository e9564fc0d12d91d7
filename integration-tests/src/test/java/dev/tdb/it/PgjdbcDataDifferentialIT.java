package dev.tdb.it;

import static java.util.Objects.requireNonNull;

import dev.tdb.it.Differential.Ground;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** pgjdbc gets the same data by the proxy as from the server, values of all types and sizes. */
@ExtendWith(OneDifferential.class)
final class PgjdbcDataDifferentialIT {
    private static Differential differential;

    @BeforeAll
    static void take(Differential shared) {
        differential = shared;
    }

    /** By FunctionCall messages. */
    @ParameterizedTest
    @EnumSource(Ground.class)
    void largeObjects(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                connection.setAutoCommit(false);
                for (int round = 0; round < 3; round++) {
                    transcript.attempt("make, write, read, unlink", () -> largeObject(connection, transcript));
                    transcript.attempt("commit", connection::commit);
                    transcript.attempt(
                            "one that is not there",
                            () -> connection
                                    .unwrap(PGConnection.class)
                                    .getLargeObjectAPI()
                                    .open(4242L, LargeObjectManager.READ));
                    transcript.execute(connection, "SELECT 1");
                    transcript.attempt("rollback", connection::rollback);
                }
            }
        });
    }

    private static void largeObject(Connection connection, Transcript transcript) throws SQLException {
        LargeObjectManager objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        long oid = objects.createLO(LargeObjectManager.READ | LargeObjectManager.WRITE);
        try (LargeObject object = objects.open(oid, LargeObjectManager.READ | LargeObjectManager.WRITE)) {
            byte[] bytes = new byte[300_000];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 7);
            }
            object.write(bytes);
            object.write(new byte[0]);
            transcript.note("at " + object.tell64() + " of " + object.size64());
            object.seek64(123_456, LargeObject.SEEK_SET);
            transcript.note("read " + Arrays.hashCode(object.read(100_000)) + ", at " + object.tell64());
            object.truncate64(200_000);
            transcript.note("size " + object.size64());
            object.seek64(0, LargeObject.SEEK_SET);
            transcript.note("all " + Arrays.hashCode(object.read(1_000_000)));
        }
        objects.delete(oid);
    }

    @ParameterizedTest
    @CsvSource({"true, STILL", "false, STILL", "true, MOVING"})
    void valuesOfManyTypesAndArrays(String binary, Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect(
                    "binaryTransfer", binary, "prepareThreshold", binary.equals("true") ? "-1" : "0")) {
                transcript.execute(connection, """
                    CREATE TABLE every (i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric, b bool, t text,
                      c char(4), y bytea, d date, ti time, tz timetz, ts timestamp, tstz timestamptz, iv interval,
                      u uuid, j jsonb, i4s int4[], ts_ text[], ns numeric[], p point, r int4range, o oid)
                    """);
                for (String row : new String[] {
                    "(-32768, 2147483647, -9223372036854775808, 1.5, 'NaN', 12345678901234567890.0123456789, true, 'ü',"
                            + " 'ab', '\\xdeadbeef00', '2024-02-29', '23:59:59.999999', '01:02:03+05:45',"
                            + " '1999-12-31 23:59:59.5', '2024-07-01 12:00+00', '1 year 2 days 03:04:05.6',"
                            + " '00112233-4455-6677-8899-aabbccddeeff', '{\"a\": [1, null]}', '{1,NULL,-3}',"
                            + " '{{a,\"b,c\"},{NULL,\"\"}}', '{0.10,NaN}', '(1,2)', '[1,5)', 42)",
                    "(0, 0, 0, '-Infinity', 1e-300, 0.000, false, '', '', '', 'infinity', '00:00', '00:00+00',"
                        + " '-infinity', 'infinity', '0', '00000000-0000-0000-0000-000000000000', 'null', '{}', '{}',"
                        + " '{}', '(0,0)', 'empty', 0)",
                    "(NULL)",
                }) {
                    transcript.execute(connection, "INSERT INTO every VALUES " + row);
                }
                for (int i = 0; i < 3; i++) {
                    transcript.prepared(connection, 2, "SELECT * FROM every WHERE i2 IS NULL OR i2 < ?", 10);
                    transcript.attempt("as objects", () -> objects(connection, transcript));
                    transcript.attempt("arrays there and back", () -> arrays(connection, transcript));
                }
            }
        });
    }

    private static void objects(Connection connection, Transcript transcript) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM every");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    transcript.note(shown(rows.getObject(i)));
                }
            }
        }
    }

    private static String shown(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> Arrays.toString(bytes);
            case Array array -> array.getBaseTypeName() + " " + Arrays.deepToString((Object[]) array.getArray());
            default -> value.getClass().getName() + " " + value;
        };
    }

    private static void arrays(Connection connection, Transcript transcript) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT ?::int[], ?::text[], array_length(?::int[], 1), ?::int[] || 4 WHERE 2 = ANY (?)")) {
            Array numbers = connection.createArrayOf("int4", new @Nullable Object[] {1, 2, null});
            select.setArray(1, numbers);
            select.setArray(2, connection.createArrayOf("text", new String[][] {{"a", "b"}, {"c\\", "\"d\""}}));
            for (int i = 3; i <= 5; i++) {
                select.setArray(i, numbers);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    for (int i = 1; i <= 4; i++) {
                        transcript.note(shown(row.getObject(i)));
                    }
                }
            }
        }
    }

    /** Portals with a limit of rows. */
    @ParameterizedTest
    @EnumSource(Ground.class)
    void cursors(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect("prepareThreshold", "2")) {
                transcript.execute(
                        connection,
                        "CREATE FUNCTION cursor_of(n int) RETURNS refcursor LANGUAGE plpgsql AS $$ DECLARE c refcursor"
                                + " := 'named'; BEGIN OPEN c FOR SELECT generate_series(1, n); RETURN c; END $$");
                connection.setAutoCommit(false);
                for (int size : new int[] {1, 3, 10, 11}) {
                    transcript.attempt("read by " + size, () -> byPieces(connection, transcript, size, 10, 99));
                    transcript.attempt(
                            "read by " + size + ", a part", () -> byPieces(connection, transcript, size, 10, 5));
                    transcript.attempt("commit", connection::commit);
                }
                transcript.attempt("with an error in the middle", () -> byPieces(connection, transcript, 4, -7, 99));
                transcript.execute(connection, "SELECT 'failed'");
                transcript.attempt("rollback", connection::rollback);
                transcript.attempt("a cursor from a function", () -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.setFetchSize(2);
                        try (ResultSet row = statement.executeQuery("SELECT cursor_of(5)")) {
                            row.next();
                            transcript.rows((ResultSet) requireNonNull(row.getObject(1)));
                        }
                    }
                });
                transcript.attempt("commit", connection::commit);
                transcript.attempt("closed by the commit", () -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.setFetchSize(3);
                        ResultSet rows = statement.executeQuery("SELECT generate_series(1, 9)");
                        rows.next();
                        connection.commit();
                        while (rows.next()) {
                            transcript.note("row " + rows.getInt(1));
                        }
                    }
                });
                transcript.attempt("rollback", connection::rollback);
                connection.setAutoCommit(true);
                transcript.attempt("limited", () -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.setMaxRows(4);
                        transcript.results(statement, statement.execute("SELECT generate_series(1, 9)"));
                    }
                });
            }
        });
    }

    /** Reads numbers by {@code size} and does something else in between; it fails at a negative {@code last}. */
    private static void byPieces(Connection connection, Transcript transcript, int size, int last, int enough)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 100 / (? + g), g FROM generate_series(1, abs(?) + 3) g")) {
            select.setInt(1, last < 0 ? last : 0);
            select.setInt(2, last);
            select.setFetchSize(size);
            try (ResultSet rows = select.executeQuery()) {
                for (int i = 0; i < enough && rows.next(); i++) {
                    transcript.note("row " + rows.getInt(1) + " " + rows.getInt(2));
                    if (i % 4 == 0) {
                        transcript.prepared(connection, 1, "SELECT ?::text", "in between");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void largeValuesAndManyRows(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                String large = "0123456789abcdef".repeat(200_000);
                for (int i = 0; i < 2; i++) {
                    transcript.prepared(connection, 2, "SELECT length(?), md5(?), ? || 'end'", large, large, large);
                    // Over 1 MiB of text a session may no longer be moved.
                    transcript.execute(connection, "SELECT '" + large.substring(0, 1_000_000) + "'");
                    transcript.execute(connection, "SELECT repeat('long', 700000), 1");
                    transcript.execute(connection, "SELECT g, md5(g::text) FROM generate_series(1, 3000) g");
                    transcript.execute(
                            connection,
                            "SELECT "
                                    + IntStream.range(0, 1600)
                                            .mapToObj(String::valueOf)
                                            .collect(Collectors.joining(",")));
                }
            }
        });
    }
}
