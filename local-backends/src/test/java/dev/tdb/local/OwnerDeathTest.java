package dev.tdb.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a server when the JVM that started it ends. */
class OwnerDeathTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Of all tests, which run one after the other. */
    @TempDir
    static Path folder;

    @BeforeAll
    static void unpack() {
        Programs.postgres();
    }

    @Test
    void aServerEndsSoonAfterItsOwnerWasKilledAndStartsAgain() throws Exception {
        Path directory = folder.resolve("a");
        try (OwnerJvm owner = OwnerJvm.start(directory, "wait")) {
            assertThat(owner.serverIsRunning()).isTrue();
            assertThatThrownBy(() -> Programs.server(directory).start())
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("process " + owner.process().pid());

            owner.process().destroyForcibly().waitFor();

            await().atMost(SOON).until(() -> !owner.serverIsRunning());
        }
        startAndStop(directory);
    }

    @Test
    void aStartDoesNotWaitForTheLeftoverToEndByItself() throws Exception {
        Path directory = folder.resolve("a");
        try (OwnerJvm owner = OwnerJvm.start(directory, "wait")) {
            owner.process().destroyForcibly().waitFor();

            startAndStop(directory);

            assertThat(owner.serverIsRunning()).isFalse();
        }
    }

    @Test
    void aServerThatLostItsOwnerAndItsGuardIsStoppedByTheNextStart() throws Exception {
        Path directory = folder.resolve("a");
        try (OwnerJvm owner = OwnerJvm.start(directory, "wait")) {
            guardOf(owner.server()).destroyForcibly();
            owner.process().destroyForcibly().waitFor();
            assertThat(owner.serverIsRunning()).isTrue();

            startAndStop(directory);

            assertThat(owner.serverIsRunning()).isFalse();
        }
    }

    @Test
    void theSessionsOfAServerThatWasKilledWithItsGuardAreEndedByTheNextStart() throws Exception {
        Path directory = folder.resolve("a");
        try (OwnerJvm owner = OwnerJvm.start(directory, "wait")) {
            List<ProcessHandle> children = owner.server().children().toList();
            assertThat(children).isNotEmpty();
            guardOf(owner.server()).destroyForcibly();
            children.forEach(child -> Processes.signal(child.pid(), "STOP")); // so that they do not notice
            owner.server().destroyForcibly();
            owner.process().destroyForcibly().waitFor();

            startAndStop(directory);

            assertThat(children).noneMatch(Processes::isRunning);
        }
    }

    @Test
    void aDirectoryThatWasBeingInitialisedWhenItsOwnerWasKilledIsInitialisedAgain() throws Exception {
        Path directory = folder.resolve("cut-short");
        Process owner = OwnerJvm.launch(directory, "wait");
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !Processes.workingIn(directory, "initdb").isEmpty());

        owner.destroyForcibly().waitFor();
        startAndStop(directory);

        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("data", "logins", "owner.lock", "server.log");
        }
    }

    @Test
    void aServerEndsBeforeItsOwnerDoesWhenThatExits() throws Exception {
        try (OwnerJvm owner = OwnerJvm.start(folder.resolve("a"), "exit")) {
            assertThat(owner.process().waitFor(SOON.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();

            assertThat(owner.process().exitValue()).isZero();
            assertThat(owner.serverIsRunning()).isFalse();
        }
    }

    @Test
    void anotherUserThanRootCanOwnAServer() throws Exception {
        Assumptions.assumeTrue(RunAs.choose(folder, Path.of("/bin/sh")) != RunAs.SELF, "we are not root");
        Path open = Files.createTempDirectory("tdb-other-user");
        try {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            String classPath = copyClassPath(open.resolve("lib"));
            Path home = Files.createDirectory(open.resolve("home"));
            RunAs.NOBODY.own(home);
            try (OwnerJvm owner = OwnerJvm.start(
                    RunAs.NOBODY.prefix(), classPath, home.resolve("cache"), home.resolve("a"), "wait")) {
                assertThat(owner.serverIsRunning()).isTrue();

                owner.process().destroyForcibly().waitFor();

                await().atMost(SOON).until(() -> !owner.serverIsRunning());
            }
        } finally {
            FileTrees.delete(open);
        }
    }

    private static void startAndStop(Path directory) throws SQLException {
        try (PostgresServer server = Programs.server(directory).start()) {
            assertThat(Sql.value(server, "SELECT 1")).isEqualTo("1");
        }
    }

    /** The watcher has the server's pid nowhere in its command line, but is in its session. */
    private static ProcessHandle guardOf(ProcessHandle server) {
        return ProcessHandle.allProcesses()
                .filter(process -> Processes.commandLine(process).contains(" guard INT:"))
                .filter(process -> session(process).equals(session(server)))
                .findFirst()
                .orElseThrow();
    }

    private static String session(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
        } catch (IOException e) {
            return "gone " + process.pid();
        }
    }

    /** Where every user can read it. */
    private static String copyClassPath(Path to) throws Exception {
        Files.createDirectories(to);
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            Path copy = to.resolve(copies.size() + "-" + from.getFileName());
            if (Files.exists(from)) {
                copyTree(from, copy);
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copyTree(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
