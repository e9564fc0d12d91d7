package dev.tdb.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.UUID;

/**
 * A copy of a running server's data, taken without stopping it, that follows it by streaming replication.
 *
 * <p>A replication slot is made before the copy begins, so the primary keeps all WAL from there on until the standby
 * has it; that is why no WAL is copied.
 *
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP">Making a
 *     Base Backup Using the Low Level API</a>
 */
record StandbyCopy(PostgresServer primary) implements PostgresOrigin {
    /** Folders that belong to the running primary; the standby needs them empty. */
    private static final Set<String> LEFT_EMPTY = Set.of(
            "pg_wal",
            "pg_dynshmem",
            "pg_notify",
            "pg_replslot",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT =
            Set.of("postmaster.pid", "postmaster.opts", "standby.signal", "recovery.signal", "backup_label");

    @Override
    public void create(PostgresDirectory directory, PostgresSpec spec, RunAs runAs) {
        spec.progress().step("copying the primary's data to " + directory.root());
        PostgresLogins logins = primary.logins();
        logins.save(directory.logins());
        String slot = "standby_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = primary.connect("postgres");
                Statement statement = connection.createStatement()) {
            refuseTablespaces(statement);
            createReplicationUser(statement, logins.replication());
            statement.execute("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
            try {
                Path unfinished = directory.newUnfinished();
                copy(statement, unfinished);
                Files.writeString(
                        unfinished.resolve("postgresql.auto.conf"),
                        follow(logins.replication(), slot),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                Files.createFile(unfinished.resolve("standby.signal"));
                runAs.own(unfinished);
                Files.move(unfinished, directory.data(), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | SQLException | RuntimeException e) {
                dropSlot(statement, slot, e);
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw new LocalServerException("cannot copy the primary on port " + primary.port(), e);
        }
    }

    private static void refuseTablespaces(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_tablespace")) {
            row.next();
            if (row.getInt(1) > 2) { // pg_default and pg_global
                throw new LocalServerException("a primary with tablespaces of its own cannot be copied");
            }
        }
    }

    private static void createReplicationUser(Statement statement, Login login) throws SQLException {
        statement.execute("""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
                    CREATE ROLE %1$s LOGIN REPLICATION PASSWORD '%2$s';
                END IF;
            END $$\
            """.formatted(login.user(), login.password()));
    }

    private static void dropSlot(Statement statement, String slot, Exception reason) {
        try {
            statement.execute("SELECT pg_drop_replication_slot('" + slot + "')");
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** All of the primary's data, and the label that tells the standby from where on to read WAL. */
    private void copy(Statement statement, Path to) throws SQLException, IOException {
        statement.execute("SELECT pg_backup_start('standby', true)");
        copyTree(primary.dataDirectory(), to);
        try (ResultSet row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
            row.next();
            Files.writeString(to.resolve("backup_label"), row.getString(1));
        }
    }

    private String follow(Login login, String slot) {
        return """

            primary_conninfo = 'host=%s port=%d user=%s password=%s'
            primary_slot_name = '%s'
            """.formatted(primary.host(), primary.port(), login.user(), login.password(), slot);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                String name = from.relativize(folder).toString();
                if (folder.getFileName().toString().startsWith("pgsql_tmp")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (!name.isEmpty()) {
                    Files.copy(folder, to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
                return LEFT_EMPTY.contains(name) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = from.relativize(file).toString();
                if (!LEFT_OUT.contains(name)) {
                    try {
                        Files.copy(file, to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                    } catch (NoSuchFileException _) {
                        // Dropped while we copied; WAL says so too.
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }
}
