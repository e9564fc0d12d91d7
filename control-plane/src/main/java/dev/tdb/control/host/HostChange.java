package dev.tdb.control.host;

import dev.tdb.proxy.credential.Secret;
import org.jspecify.annotations.Nullable;

/** What to change of a host; null leaves a thing as it is. */
public record HostChange(
        @Nullable String region,
        @Nullable Integer capacity,
        Host.@Nullable State state,
        @Nullable String adminUser,
        @Nullable Secret adminPassword) {}
