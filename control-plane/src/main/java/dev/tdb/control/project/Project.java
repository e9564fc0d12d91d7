package dev.tdb.control.project;

import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;

/**
 * An owner of blueprints, tenants and keys.
 *
 * @param name for people, 1 to 100 characters
 */
public record Project(ProjectId id, String name, int apiKeyCount, Instant createdAt) {}
