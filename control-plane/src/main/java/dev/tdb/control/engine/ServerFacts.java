package dev.tdb.control.engine;

/**
 * What a server says of itself.
 *
 * @param systemIdentifier the engine's own; a physical replica has that of its source
 * @param version the server's own words
 * @param majorVersion servers of the same one understand each other's clients
 * @param replica in recovery, or set to be read only
 */
public record ServerFacts(String systemIdentifier, String version, int majorVersion, boolean replica) {}
