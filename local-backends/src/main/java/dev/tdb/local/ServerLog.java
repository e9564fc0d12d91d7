package dev.tdb.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The file that a server's output is appended to, seen from one start on.
 *
 * @param begin where this start's lines begin, in bytes
 */
record ServerLog(Path file, long begin) {
    private static final long FILE_BYTES_MAX = 16 * 1024 * 1024;
    private static final int TAIL_BYTES_MAX = 16 * 1024;
    private static final int TAIL_LINES_MAX = 20;

    /** Begins a new start. A file grown large is kept once, as {@code .old}. */
    static ServerLog open(Path file) {
        try {
            if (Files.exists(file) && Files.size(file) > FILE_BYTES_MAX) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
            }
            return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
        } catch (IOException e) {
            throw new LocalServerException("cannot open the server log " + file, e);
        }
    }

    /** The last lines since {@link #begin}, without the newline at the end. */
    String tail() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(begin, channel.size() - TAIL_BYTES_MAX);
            byte[] bytes = Channels.newInputStream(channel.position(from)).readNBytes(TAIL_BYTES_MAX);
            List<String> lines = StandardCharsets.UTF_8
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES_MAX), lines.size()));
        } catch (IOException e) {
            return "(" + file + " cannot be read: " + e + ")";
        }
    }
}
