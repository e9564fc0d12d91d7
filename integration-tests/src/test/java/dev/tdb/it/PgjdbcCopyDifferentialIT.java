package dev.tdb.it;

import static java.util.Objects.requireNonNull;

import dev.tdb.it.Differential.Ground;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/** COPY by pgjdbc is the same by the proxy as at the server, both ways, and when it fails. */
@ExtendWith(OneDifferential.class)
final class PgjdbcCopyDifferentialIT {
    private static final String ROWS = IntStream.rangeClosed(1, 2000)
            .mapToObj(i -> i + "\trow " + i + "\n")
            .collect(Collectors.joining());

    private static Differential differential;

    @BeforeAll
    static void take(Differential shared) {
        differential = shared;
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void copyOut(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                for (String sql : new String[] {
                    "COPY (SELECT g, 'row ' || g FROM generate_series(1, 300) g) TO STDOUT",
                    "COPY (SELECT g, NULL, 'a,\"b\"' FROM generate_series(1, 30) g) TO STDOUT (FORMAT csv, HEADER)",
                    "COPY (SELECT g, repeat('x', g * 100) FROM generate_series(1, 300) g) TO STDOUT (FORMAT binary)",
                    "COPY (SELECT 1 WHERE false) TO STDOUT",
                    "COPY (SELECT 100 / (250 - g) FROM generate_series(1, 300) g) TO STDOUT",
                    "COPY nowhere TO STDOUT",
                    "COPY (SELECT 1) TO '/tmp/nowhere'",
                    "SELECT 1",
                }) {
                    transcript.attempt(sql, () -> copyOut(connection, transcript, sql));
                    transcript.execute(connection, "SELECT 'and on'");
                }
            }
        });
    }

    private static void copyOut(Connection connection, Transcript transcript, String sql) throws SQLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            transcript.note("rows " + copy(connection).copyOut(sql, out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            transcript.note(out.size() + " bytes, hash " + Arrays.hashCode(out.toByteArray()));
        }
    }

    private static CopyManager copy(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    /** How far the server gets before it hears of the end is chance. */
    @ParameterizedTest
    @EnumSource(Ground.class)
    void copyOutThatIsCancelled(Ground ground) throws Exception {
        differential.compareTold(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                for (int i = 0; i < 3; i++) {
                    transcript.attempt("copy and cancel", () -> {
                        CopyOut out = copy(connection)
                                .copyOut("COPY (SELECT repeat('x', 500) FROM generate_series(1, 1000000)) TO STDOUT");
                        transcript.note("first " + requireNonNull(out.readFromCopy()).length);
                        out.cancelCopy();
                        transcript.note("active " + out.isActive());
                    });
                    transcript.execute(connection, "SELECT 'and on'");
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void copyIn(Ground ground) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            try (Connection connection = endpoint.connect()) {
                transcript.execute(connection, "CREATE TABLE item (id int PRIMARY KEY, name text)");
                copyIn(connection, transcript, "COPY item FROM STDIN", ROWS);
                copyIn(connection, transcript, "COPY item FROM STDIN (FORMAT csv)", "3000,\"a \"\"b\"\"\"\n3001,\n");
                copyIn(connection, transcript, "COPY item FROM STDIN", "");
                copyIn(connection, transcript, "COPY item FROM STDIN", "4000\tonce\n4000\ttwice\n");
                copyIn(connection, transcript, "COPY item FROM STDIN", "5000\tgood\nbad\tbad\n");
                copyIn(connection, transcript, "COPY item FROM STDIN", ROWS.replace("\n1000\t", "\nbad\t"));
                copyIn(connection, transcript, "COPY item FROM STDIN (FORMAT binary)", "not binary at all");
                copyIn(connection, transcript, "COPY nowhere FROM STDIN", "1\n");
                copyIn(connection, transcript, "INSERT INTO item VALUES (6000)", "1\n");
                transcript.attempt("given up by the client", () -> {
                    CopyIn in = copy(connection).copyIn("COPY item FROM STDIN");
                    byte[] row = "7000\tnever\n".getBytes(StandardCharsets.UTF_8);
                    in.writeToCopy(row, 0, row.length);
                    in.flushCopy();
                    in.cancelCopy();
                });
                transcript.execute(connection, "SELECT count(*), sum(id), max(id) FROM item");
                connection.setAutoCommit(false);
                copyIn(connection, transcript, "COPY item FROM STDIN", "8000\tin a transaction\n");
                copyIn(connection, transcript, "COPY item FROM STDIN", "8000\tin a transaction, again\n");
                transcript.execute(connection, "SELECT 1");
                transcript.attempt("rollback", connection::rollback);
                transcript.execute(connection, "SELECT count(*) FROM item");
            }
        });
    }

    private static void copyIn(Connection connection, Transcript transcript, String sql, String rows) {
        transcript.attempt(sql, () -> {
            try {
                byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
                transcript.note("rows " + copy(connection).copyIn(sql, new ByteArrayInputStream(bytes), 1000));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
