package dev.tdb.it;

import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** pgjdbc is told the same by the proxy as by the server: statements of all kinds, and their errors. */
final class PgjdbcDifferentialIT {
    private static Differential differential;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        differential = Differential.start(directory);
    }

    @AfterAll
    static void stop() {
        differential.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
    void statements(String mode) throws Exception {
        differential.compare((endpoint, transcript) -> {
            try (Connection connection = endpoint.connect("preferQueryMode", mode)) {
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
            }
        });
    }
}
