package dev.tdb.control.operation;

import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A long action, from the journal.
 *
 * @param id {@code op_} + 16 base32
 * @param type such as {@code flip}, {@code create}, {@code suspend}
 * @param tenant empty when it is about no single one
 * @param blueprint empty when it is about a whole tenant
 * @param progress 0 to 100
 * @param error empty unless it ended badly
 */
public record Operation(
        String id,
        String type,
        ProjectId project,
        String tenant,
        String blueprint,
        OperationState state,
        int progress,
        List<Step> steps,
        String error,
        Instant startedAt,
        Optional<Instant> endedAt) {
    /**
     * One step that was begun.
     *
     * @param detail a few words on what it found; may be empty
     */
    public record Step(String name, Instant startedAt, Optional<Instant> endedAt, String detail) {}

    public Operation {
        steps = List.copyOf(steps);
    }

    /** The route it is about; empty when it is about none, or all of a tenant. */
    public String database() {
        return blueprint.isEmpty() || tenant.isEmpty() ? "" : blueprint + "__" + tenant;
    }
}
