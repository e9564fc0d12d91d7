package dev.tdb.control.operation;

import dev.tdb.control.ControlException;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the journal. */
public final class Operations {
    private final StateStore store;

    public Operations(StateStore store) {
        this.store = store;
    }

    /**
     * Newest first.
     *
     * @param tenant empty for all
     */
    public List<Operation> list(ProjectId project, String tenant, int limit, int offset) {
        return store.read(tables -> tables.operations().list(project, tenant, limit, offset).stream()
                .map(row -> view(tables, row))
                .toList());
    }

    /** Throws {@code not_found} when the project has none of that id. */
    public Operation get(ProjectId project, String id) {
        return store.read(tables -> tables.operations()
                .find(id)
                .filter(row -> row.project().equals(project))
                .map(row -> view(tables, row))
                .orElseThrow(() -> ControlException.notFound("Operation not found: " + id)));
    }

    private static Operation view(Tables tables, OperationRows.Row row) {
        List<Operation.Step> steps = tables.operations().steps(row.id()).stream()
                .map(step -> new Operation.Step(
                        step.name(), Instant.ofEpochMilli(step.startedAt()), instant(step.endedAt()), step.detail()))
                .toList();
        return new Operation(
                row.id(),
                row.type(),
                row.project(),
                row.tenant(),
                row.blueprint(),
                OperationState.parse(row.state()),
                row.progress(),
                steps,
                row.error(),
                Instant.ofEpochMilli(row.startedAt()),
                instant(row.endedAt()));
    }

    private static Optional<Instant> instant(@Nullable Long millis) {
        return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
    }
}
