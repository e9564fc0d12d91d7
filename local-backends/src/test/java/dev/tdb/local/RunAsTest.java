package dev.tdb.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How root gives up its rights. The folder of a test is closed to all others, as {@code /root} is. */
class RunAsTest {
    private static final Path SHELL = Path.of("/bin/sh");

    @TempDir
    Path folder;

    @BeforeEach
    void weAreRoot() {
        Assumptions.assumeTrue(RunAs.choose(folder, SHELL) != RunAs.SELF, "we are not root");
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "NOBODY_ANYWHERE"})
    void aFolderBehindAClosedOneCanBeUsed(RunAs runAs) throws Exception {
        Path work = Files.createDirectory(
                folder.resolve("work"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        runAs.own(work);
        List<String> command = new ArrayList<>(runAs.prefix());
        String initdb = Programs.postgres().program("initdb").toString();
        command.addAll(List.of(initdb, "--no-sync", "--auth=reject", "--pgdata=" + work));

        ShortCommand.Outcome outcome = ShortCommand.run(command, work, Duration.ofSeconds(30));

        Assumptions.assumeFalse(outcome.text().contains("unshare failed"), outcome.text());
        assertThat(outcome.exitCode()).as(outcome.text()).isZero();
        assertThat(work.resolve("PG_VERSION")).exists();
    }

    @Test
    void nobodyRunsWhatIsOpenToAll() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(RunAs.choose(folder, SHELL)).isEqualTo(RunAs.NOBODY);
    }

    @Test
    void dataMayMoveBetweenAnOpenAndAClosedFolder() throws SQLException, IOException {
        assertThat(RunAs.choose(folder, Programs.postgres().program("postgres")))
                .isNotEqualTo(RunAs.NOBODY);
        Path directory = folder.resolve("a");
        try (PostgresServer server = Programs.server(directory).start()) {
            Sql.execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PostgresServer server = Programs.server(directory).start()) {
            assertThat(Sql.value(server, "SELECT answer FROM kept")).isEqualTo("42");
        }

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        try (PostgresServer server = Programs.server(directory).start()) {
            assertThat(Sql.value(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }
}
