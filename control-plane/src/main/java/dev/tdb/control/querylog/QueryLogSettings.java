package dev.tdb.control.querylog;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the query log is kept.
 *
 * @param directory of the daily files; made when missing
 * @param retentionDays whole days kept before today
 * @param bytesMax of all files together; the oldest days go first
 * @param slow from which duration on a query is slow
 * @param masksLiterals whether values are taken out of the texts before they are written
 */
public record QueryLogSettings(Path directory, int retentionDays, long bytesMax, Duration slow, boolean masksLiterals) {
    public static QueryLogSettings in(Path directory) {
        return new QueryLogSettings(directory, 7, 2L << 30, Duration.ofMillis(500), false);
    }
}
