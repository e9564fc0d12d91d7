package dev.tdb.local;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * All that one server keeps on disk, whatever its engine.
 *
 * <pre>
 *   root/data            the data directory; the server's user owns it
 *       /data.new-…      one that is being made; renamed to data when it is whole
 *       /logins          the passwords, for us only
 *       /server.log      what the server prints
 *       /owner.lock      locked by the JVM that runs the server
 * </pre>
 */
interface ServerDirectory {
    String UNFINISHED = "data.new-";

    Duration DELETE_PATIENCE = Duration.ofSeconds(5);

    /** Makes the folder when there is none. @return its real path */
    static Path make(Path root) {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
                // What is secret in it is closed file by file, and the server may run as another user than we.
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return root.toRealPath();
        } catch (IOException e) {
            throw new LocalServerException("cannot make the folder " + root, e);
        }
    }

    Path root();

    default Path data() {
        return root().resolve("data");
    }

    default Path log() {
        return root().resolve("server.log");
    }

    default Path logins() {
        return root().resolve("logins");
    }

    default Path certificate() {
        return data().resolve("server.crt");
    }

    default Path key() {
        return data().resolve("server.key");
    }

    default boolean isInitialised() {
        return Files.exists(data());
    }

    /** A folder of our own to make a data directory in, for nobody else to see. */
    default Path newUnfinished() throws IOException {
        return Files.createTempDirectory(root(), UNFINISHED);
    }

    /** A file that is needed for as long as something is being made. */
    default Path newUnfinishedFile() throws IOException {
        return Files.createTempFile(root(), UNFINISHED, "");
    }

    /**
     * Removes what a start that was cut short has left; the programs that it ran may still be at work there.
     *
     * @param initialiser what makes data directories, from the root
     * @param program what works in them
     */
    default void deleteUnfinished(String initialiser, String program) {
        Leftovers.kill(root(), initialiser);
        try (Stream<Path> entries = Files.list(root())) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(UNFINISHED)) {
                    deleteFromUnder(program, entry);
                }
            }
        } catch (IOException e) {
            throw new LocalServerException("cannot clean up " + root(), e);
        }
    }

    /** One more program may have been about to start when its initialiser was killed: then there are files again. */
    private static void deleteFromUnder(String program, Path folder) {
        Deadline deadline = Deadline.after(DELETE_PATIENCE);
        while (true) {
            Leftovers.kill(folder, program);
            try {
                FileTrees.delete(folder);
                return;
            } catch (LocalServerException e) {
                boolean changesUnderUs = e.getCause() instanceof DirectoryNotEmptyException
                        || e.getCause() instanceof NoSuchFileException;
                if (!changesUnderUs || deadline.passed()) {
                    throw e;
                }
            }
        }
    }

    /** Copies the certificate and its key to where the server reads them. */
    default void copyTls(ServerTls.On tls, RunAs runAs) throws IOException {
        Files.copy(tls.certificate(), certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(tls.key(), key(), StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
        runAs.own(certificate());
        runAs.own(key());
    }
}
