package dev.tdb.control.plane;

import java.time.Instant;

/**
 * One client connection of the proxy.
 *
 * @param user the credential's id
 * @param state in one word of the data path
 */
public record SessionView(
        String id,
        String project,
        String database,
        String databaseType,
        String client,
        String user,
        String state,
        String server,
        Instant since) {}
