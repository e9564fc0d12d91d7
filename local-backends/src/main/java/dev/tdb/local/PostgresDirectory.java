package dev.tdb.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** All that one PostgreSQL keeps on disk. */
record PostgresDirectory(Path root) implements ServerDirectory {
    static PostgresDirectory prepare(Path root) {
        return new PostgresDirectory(ServerDirectory.make(root));
    }

    /** Written anew at every start; included by {@code postgresql.conf}, so that ALTER SYSTEM wins over it. */
    Path settings() {
        return data().resolve("local-backends.conf");
    }

    void deleteUnfinished() {
        deleteUnfinished("initdb", "postgres");
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
