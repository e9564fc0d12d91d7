package dev.tdb.control.querylog;

/** A tenant's queries over the last hour, day and week. */
public record TenantMetrics(LogStats hour, LogStats day, LogStats week) {}
