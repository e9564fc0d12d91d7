package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.credential.Role;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ways out of MySQL 8.0; skipped where it does not run. */
final class MySql8EscapesIT extends MySqlEscapesContract {
    @Override
    MySqlServer start(Path directory) {
        return TestServers.mySql(directory).start();
    }

    @Override
    String version() {
        return "8.0.31";
    }

    @Override
    List<String> escapes() {
        return MySqlEscape.ofMySql();
    }

    @Override
    List<String> telltales() {
        return List.of(
                "SHOW OPEN TABLES",
                "SELECT * FROM `information_schema`.`INNODB_DATAFILES`",
                "SELECT * FROM `information_schema`.`INNODB_TABLESPACES_BRIEF`",
                "SELECT * FROM `information_schema`.`TABLESPACES_EXTENSIONS`",
                "SELECT * FROM `performance_schema`.`variables_info`");
    }

    /** Of a session that does nothing it is answered, by nothing. */
    @Test
    void whatANeighbourRunsIsNotExplained() throws Exception {
        try (Connection admin = intruder(Role.ADMIN);
                Statement slow = neighbour().createStatement()) {
            Thread running = Thread.ofVirtual().start(() -> sleep(slow));

            await().untilAsserted(() -> assertThatThrownBy(() -> run(admin, "EXPLAIN FOR CONNECTION " + thread()))
                    .hasMessageContaining("denied"));

            slow.cancel();
            assertThat(running.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    private static void sleep(Statement statement) {
        try {
            statement.execute("SELECT SLEEP(30), secret FROM canary");
        } catch (SQLException _) {
            // It is cancelled.
        }
    }
}
