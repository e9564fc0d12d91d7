package dev.tdb.control.operation;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.event.Events;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Writes the journal of operations: at most one runs for each tenant, and each step is durable before it is done. */
public final class Journal {
    private static final int PROGRESS_DONE = 100;
    private static final int ATTEMPTS_MAX = 5;

    private final StateStore store;
    private final Events events;
    private final InstantSource clock;
    private final Leftovers leftovers;

    public Journal(StateStore store, Leftovers leftovers, Events events, InstantSource clock) {
        this.store = store;
        this.leftovers = leftovers;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What an operation is about.
     *
     * @param tenant empty when it is no single one
     * @param blueprint empty when it is a whole tenant
     */
    public record Subject(String type, ProjectId project, String tenant, String blueprint) {
        public static Subject of(OperationRows.Row operation) {
            return new Subject(operation.type(), operation.project(), operation.tenant(), operation.blueprint());
        }
    }

    /** Begins an operation; throws {@code conflict} with the id of the one that runs already. */
    public String begin(Subject subject) {
        return begin(subject, (tables, id) -> {});
    }

    /** Does {@code work} in the transaction that begins the operation. */
    public String begin(Subject subject, Beginning work) {
        String id = Tokens.id("op_");
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            if (begun(id, subject, work)) {
                tell(id, subject, OperationState.RUNNING, "");
                return id;
            }
            store.read(tables -> running(tables, subject)).ifPresent(running -> refuse(subject, running));
        }
        throw new ControlException(
                ErrorCode.UNAVAILABLE,
                "Tenant '" + subject.tenant() + "' has one operation after the other. Try again");
    }

    /** @return whether no other operation of the tenant began at the same moment */
    private boolean begun(String id, Subject subject, Beginning work) {
        boolean[] written = {false};
        try {
            store.write(tables -> {
                running(tables, subject).ifPresent(running -> refuse(subject, running));
                tables.operations()
                        .insert(new OperationRows.Row(
                                id,
                                subject.type(),
                                subject.project(),
                                subject.tenant(),
                                subject.blueprint(),
                                OperationRows.RUNNING,
                                0,
                                "",
                                clock.millis(),
                                null));
                written[0] = true;
                work.run(tables, id);
                return id;
            });
            return true;
        } catch (DuplicateRow e) {
            if (written[0]) {
                throw e; // It is something of the work that is there already.
            }
            return false;
        }
    }

    /** Of operations that are about no single tenant several may run. */
    private static Optional<OperationRows.Row> running(Tables tables, Subject subject) {
        return subject.tenant().isEmpty()
                ? Optional.empty()
                : tables.operations().findRunning(subject.project(), subject.tenant());
    }

    /** What else an operation writes when it begins. */
    public interface Beginning {
        void run(Tables tables, String operationId);
    }

    private static void refuse(Subject subject, OperationRows.Row running) {
        throw ControlException.conflict(
                "Tenant '" + subject.tenant() + "' has an operation that is still running: " + running.id() + " ("
                        + running.type() + "). Wait until it has ended",
                running.id());
    }

    /** Begins a step. */
    public void step(String id, String name, int progress) {
        step(id, name, progress, tables -> {});
    }

    /** Begins a step, and does {@code work} in the same transaction. */
    public void step(String id, String name, int progress, Consumer<Tables> work) {
        store.write(tables -> {
            tables.operations().step(id, name, progress, clock.millis());
            work.accept(tables);
            return id;
        });
    }

    /** Ends an operation, and does {@code work} in the same transaction. */
    public void finish(String id, Subject subject, OperationState state, String error, Consumer<Tables> work) {
        store.write(tables -> {
            work.accept(tables);
            int progress = state == OperationState.SUCCEEDED
                    ? PROGRESS_DONE
                    : tables.operations()
                            .find(id)
                            .map(OperationRows.Row::progress)
                            .orElse(0);
            tables.operations().finish(id, state.word(), error, progress, clock.millis());
            return id;
        });
        tell(id, subject, state, error);
    }

    public void finish(String id, Subject subject, OperationState state, String error) {
        finish(id, subject, state, error, tables -> {});
    }

    /** Does the work of an operation that has begun. If it throws and leaves the operation running, that is ended later. */
    public <T> T watch(String id, Supplier<T> work) {
        return leftovers.watch(id, work);
    }

    private void tell(String id, Subject subject, OperationState state, String error) {
        events.publish(
                "operation",
                subject.project().value(),
                subject.tenant(),
                Map.of("operation_id", id, "type", subject.type(), "state", state.word(), "error", error));
    }
}
