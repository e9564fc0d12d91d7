package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.credential.Role;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways out of MariaDB 11.4. */
final class MariaDbEscapesIT extends MySqlEscapesContract {
    @Override
    MySqlServer start(Path directory) {
        return TestServers.mariaDb(directory).start();
    }

    @Override
    String version() {
        return "11.4.5-MariaDB";
    }

    @Override
    List<String> escapes() {
        return MySqlEscape.ofMariaDb();
    }

    @Override
    List<String> telltales() {
        return List.of();
    }

    /** It needs no right, but a server that follows symbolic links. */
    @Test
    void noTableLiesInAFolderThatATenantNames(@TempDir Path folder) throws SQLException {
        try (Connection admin = intruder(Role.ADMIN)) {
            for (String storage : List.of("InnoDB", "MyISAM", "Aria")) {
                run(
                        admin,
                        "CREATE TABLE elsewhere (n INT) ENGINE = " + storage + " DATA DIRECTORY = '" + folder + "'",
                        "DROP TABLE elsewhere");
            }
        }

        assertThat(folder).isEmptyDirectory();
    }

    /** The server answers as if it had done something. */
    @Test
    void endingAllSessionsOfAUserEndsNoneOfAnother() throws SQLException {
        try (Connection admin = intruder(Role.ADMIN)) {
            run(admin, "EXECUTE IMMEDIATE 'KILL USER " + login() + "'");
        }

        assertThat(TestServers.column(neighbour(), "SELECT secret FROM canary")).containsExactly("globex secret");
    }
}
