package dev.tdb.control.engine;

import java.time.Duration;
import java.util.List;

/**
 * What a server says of one tenant database.
 *
 * @param exists whether it is there; nothing else is known when not
 * @param encoding the engine's own word
 * @param rolesMissing of those that its logins stand for
 * @param sessions connected now, tdb's administration not counted
 * @param longestTransaction how long the oldest open transaction lasts; zero for none
 * @param sizeBytes on disk
 */
public record DatabaseFacts(
        boolean exists,
        String encoding,
        List<String> rolesMissing,
        int sessions,
        Duration longestTransaction,
        long sizeBytes) {
    public DatabaseFacts {
        rolesMissing = List.copyOf(rolesMissing);
    }

    public static DatabaseFacts missing() {
        return new DatabaseFacts(false, "", List.of(), 0, Duration.ZERO, 0);
    }
}
