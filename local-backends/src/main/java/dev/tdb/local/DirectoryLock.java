package dev.tdb.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a server on a directory. The operating system takes it back when the process that holds it ends, in
 * whatever way; so a server found running on a directory that we could lock belongs to nobody any more.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "owner.lock";

    /**
     * The directories locked in this JVM. A second lock may not even be tried: closing the file again would release the
     * first one, because such locks belong to the process and not to the channel.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** @param directory exists; its real path */
    static DirectoryLock take(Path directory) {
        if (!OURS.add(directory)) {
            throw new DirectoryInUseException(directory, "this process");
        }
        DirectoryLock lock = null;
        try {
            lock = tryTake(directory);
        } catch (IOException e) {
            throw new LocalServerException("cannot lock " + directory, e);
        } finally {
            if (lock == null) {
                OURS.remove(directory);
            }
        }
        if (lock == null) {
            throw new DirectoryInUseException(directory, "process " + owner(directory));
        }
        return lock;
    }

    /** May be called twice. */
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new LocalServerException("cannot unlock " + directory, e);
        } finally {
            OURS.remove(directory);
        }
    }

    private static @Nullable DirectoryLock tryTake(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return null;
        }
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(
                Long.toString(ProcessHandle.current().pid())));
        return new DirectoryLock(directory, channel);
    }

    private static String owner(Path directory) {
        try {
            return Files.readString(directory.resolve(FILE));
        } catch (IOException _) {
            return "unknown";
        }
    }
}
