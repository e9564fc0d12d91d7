package dev.tdb.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that one server keeps on disk.
 *
 * <pre>
 *   root/data            the data directory; the server's user owns it
 *       /data.new-…      one that is being made; renamed to data when it is whole
 *       /logins          the passwords, for us only
 *       /server.log      what the server prints
 *       /owner.lock      locked by the JVM that runs the server
 * </pre>
 */
record PostgresDirectory(Path root) {
    private static final String UNFINISHED = "data.new-";

    /** Makes the folder when there is none. */
    static PostgresDirectory prepare(Path root) {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
                // What is secret in it is closed file by file, and the server may run as another user than we.
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return new PostgresDirectory(root.toRealPath());
        } catch (IOException e) {
            throw new LocalServerException("cannot make the folder " + root, e);
        }
    }

    Path data() {
        return root.resolve("data");
    }

    Path log() {
        return root.resolve("server.log");
    }

    Path logins() {
        return root.resolve("logins");
    }

    /** Written anew at every start; included by {@code postgresql.conf}, so that ALTER SYSTEM wins over it. */
    Path settings() {
        return data().resolve("local-backends.conf");
    }

    Path certificate() {
        return data().resolve("server.crt");
    }

    Path key() {
        return data().resolve("server.key");
    }

    boolean isInitialised() {
        return Files.exists(data());
    }

    /** A folder of our own to make a data directory in, for nobody else to see. */
    Path newUnfinished() throws IOException {
        return Files.createTempDirectory(root, UNFINISHED);
    }

    /** A file that is needed for as long as something is being made. */
    Path newUnfinishedFile() throws IOException {
        return Files.createTempFile(root, UNFINISHED, "");
    }

    /** Removes what a start that was cut short has left; the tools that it ran may still be at work there. */
    void deleteUnfinished() {
        Leftovers.kill(root, "initdb");
        try (Stream<Path> entries = Files.list(root)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(UNFINISHED)) {
                    Leftovers.kill(entry, "postgres");
                    FileTrees.delete(entry);
                }
            }
        } catch (IOException e) {
            throw new LocalServerException("cannot clean up " + root, e);
        }
    }

    void checkVersion(PostgresBinaries binaries) {
        try {
            String major = Files.readString(data().resolve("PG_VERSION")).strip();
            if (!major.equals(Integer.toString(binaries.major()))) {
                throw new LocalServerException(
                        data() + " was made by PostgreSQL " + major + ", and " + binaries.directory() + " is "
                                + binaries.version() + "; use the former, or an empty directory");
            }
        } catch (IOException e) {
            throw new LocalServerException(data() + " is not a data directory of PostgreSQL", e);
        }
    }

    /** The number that a cluster gets when it is initialised, and that its standbys share. */
    long systemIdentifier() {
        Path control = data().resolve("global/pg_control");
        try (FileChannel channel = FileChannel.open(control, StandardOpenOption.READ)) {
            ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            if (channel.read(first) < Long.BYTES) {
                throw new LocalServerException(control + " is too short");
            }
            return first.getLong(0);
        } catch (IOException e) {
            throw new LocalServerException("cannot read " + control, e);
        }
    }

    /** What a server that runs here says of itself, if it has got that far. */
    Optional<PostmasterFile> postmaster() {
        try {
            return PostmasterFile.parse(Files.readAllLines(data().resolve(PostmasterFile.NAME)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    void deletePostmasterFile() {
        try {
            Files.deleteIfExists(data().resolve(PostmasterFile.NAME));
        } catch (IOException e) {
            throw new LocalServerException("cannot remove the stale " + PostmasterFile.NAME + " of " + data(), e);
        }
    }

    /** {@code postmaster.pid}: lines of which the first is the pid and the eighth the status. */
    record PostmasterFile(long pid, String status) {
        static final String NAME = "postmaster.pid";

        private static final int STATUS_LINE = 7;

        static Optional<PostmasterFile> parse(List<String> lines) {
            try {
                String status =
                        lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
                return lines.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PostmasterFile(
                                Long.parseLong(lines.getFirst().strip()), status));
            } catch (NumberFormatException _) {
                return Optional.empty(); // half written: it will be asked for again
            }
        }
    }
}
