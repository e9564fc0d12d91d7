package dev.tdb.control.host;

import java.time.Duration;

/**
 * What a host answered when it was asked.
 *
 * @param reachable whether the administrator could log in
 * @param version the server's own words; empty when not reachable
 * @param replica in recovery, or read only
 * @param detail why it is not reachable; empty when it is
 */
public record HostHealth(boolean reachable, String version, boolean replica, Duration latency, String detail) {}
