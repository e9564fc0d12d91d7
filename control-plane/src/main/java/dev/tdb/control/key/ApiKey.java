package dev.tdb.control.key;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * A key of a project, without its secrets.
 *
 * @param id {@code key_} + 16 base32
 * @param proxy whether drivers can log in with a password of it
 */
public record ApiKey(
        String id,
        ProjectId project,
        String name,
        Role role,
        KeyScope scope,
        boolean proxy,
        Instant createdAt,
        Optional<Instant> lastUsedAt) {}
