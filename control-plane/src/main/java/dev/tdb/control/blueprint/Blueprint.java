package dev.tdb.control.blueprint;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.Engine;
import java.time.Instant;

/**
 * A shape of database that tenants are made from.
 *
 * @param currentVersion the newest; 0 when there is none yet
 */
public record Blueprint(
        ProjectId project,
        String name,
        Engine engine,
        BlueprintSettings settings,
        int currentVersion,
        int tenantCount,
        Instant createdAt) {}
