package dev.tdb.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** All that one MySQL or MariaDB keeps on disk. */
record MySqlDirectory(Path root) implements ServerDirectory {
    /** Names of files in the data directory, which the server works in: a socket's whole path may be too long. */
    static final String SOCKET = "mysql.sock";

    static final String PID = "server.pid";

    private static final String MADE_BY = "made-by";

    static MySqlDirectory prepare(Path root) {
        return new MySqlDirectory(ServerDirectory.make(root));
    }

    /** What a server that runs here, or ran, says of itself. */
    Optional<ProcessHandle> recorded() {
        try {
            return ProcessHandle.of(
                    Long.parseLong(Files.readString(data().resolve(PID)).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** A number that became another process's would keep a server from starting. */
    void deleteStaleFiles() {
        try {
            for (String name : new String[] {PID, SOCKET, SOCKET + ".lock"}) {
                Files.deleteIfExists(data().resolve(name));
            }
        } catch (IOException e) {
            throw new LocalServerException("cannot remove the stale files of " + data(), e);
        }
    }

    static void sign(Path data, MySqlBinaries binaries) throws IOException {
        Files.writeString(data.resolve(MADE_BY), maker(binaries));
    }

    /** The data of one flavour, or of another series of it, is nothing that these programs may touch. */
    void checkMaker(MySqlBinaries binaries) {
        try {
            String maker = Files.readString(data().resolve(MADE_BY)).strip();
            if (!maker.equals(maker(binaries))) {
                throw new LocalServerException(data() + " was made by " + maker + ", and " + binaries.home() + " is "
                        + maker(binaries) + "; use the former, or an empty directory");
            }
        } catch (IOException e) {
            throw new LocalServerException(data() + " is not a data directory that was made here", e);
        }
    }

    private static String maker(MySqlBinaries binaries) {
        String version = binaries.version();
        return binaries.flavour().title() + " " + version.substring(0, version.lastIndexOf('.'));
    }
}
