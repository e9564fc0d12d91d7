package dev.tdb.control.cutover;

import dev.tdb.control.ControlException;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.CutoverRows;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.route.RouteKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What a flip writes to the control database, each time in one transaction with the steps taken until then. */
final class FlipRecords {
    /** How long it is tried to learn whether a decision was written. */
    private static final Duration DOUBT_MAX = Duration.ofSeconds(10);

    private static final Duration DOUBT_PAUSE = Duration.ofMillis(200);

    private final StateStore store;
    private final Journal journal;
    private final LoginSafe safe;
    private final InstantSource clock;

    FlipRecords(StateStore store, Journal journal, LoginSafe safe, InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.safe = safe;
        this.clock = clock;
    }

    /** It cannot be told whether the decision was written. */
    static final class Undecided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undecided(Throwable cause) {
            super("it cannot be told whether the decision was written", cause);
        }
    }

    StepLog newSteps() {
        return new StepLog(clock);
    }

    /** What is going to be made on the target, written before it is made; with logins of a new epoch unless kept. */
    CutoverRows.Row plan(Flip flip, boolean keepLogins, StepLog steps) {
        RouteRows.Row route = flip.route();
        CutoverRows.Row cutover = new CutoverRows.Row(
                flip.operation(),
                route.epoch(),
                route.loginEpoch(),
                route.place(),
                keepLogins ? route.loginEpoch() : route.epoch() + 1,
                flip.to(),
                false);
        store.write(tables -> {
            note(tables, flip, steps, Step.PREPARE);
            tables.cutovers().insert(cutover);
            if (!keepLogins) {
                RouteKey key = route.key();
                safe.make(tables, key.project(), key.database(), cutover.toLoginEpoch(), clock.millis());
            }
            return flip;
        });
        return cutover;
    }

    /** Only the steps taken until now. */
    void progress(Flip flip, StepLog steps, Step next) {
        store.write(tables -> {
            note(tables, flip, steps, next);
            return flip;
        });
    }

    /** From now on the source may be fenced. */
    void fencing(Flip flip, StepLog steps) {
        store.write(tables -> {
            note(tables, flip, steps, Step.FENCE);
            tables.cutovers().fencing(flip.operation());
            return flip;
        });
    }

    boolean mayBeFenced(Flip flip) {
        return store.read(tables -> tables.cutovers().find(flip.operation()))
                .map(CutoverRows.Row::fencing)
                .orElse(false);
    }

    /**
     * The one write that changes everything: the route's epoch and place, if its epoch is still the one the flip began
     * with, and the journal.
     *
     * @throws Undecided when neither the commit nor the row says in time whether it was made
     */
    void decide(Flip flip, CutoverRows.Row cutover, StepLog steps) {
        List<OperationRows.Step> taken = steps.unwritten();
        try {
            store.write(tables -> {
                RouteRows.Row route = flip.route();
                boolean won = tables.routes()
                        .decide(route.key(), route.epoch(), flip.to(), cutover.toLoginEpoch(), clock.millis());
                if (!won) {
                    throw new IllegalStateException("route " + route.key() + " is no longer at epoch " + route.epoch());
                }
                tables.operations().append(flip.operation(), taken, Step.DECIDE.progress());
                return flip;
            });
        } catch (ControlException e) {
            settle(flip, e);
        }
    }

    /** A commit that failed may have been made all the same, or be made yet: the route's row knows. */
    private void settle(Flip flip, ControlException doubt) {
        long deadline = System.nanoTime() + DOUBT_MAX.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try {
                if (isUndone(flip.route(), flip.route().epoch())) {
                    throw new IllegalStateException("the decision could not be written", doubt);
                }
                return;
            } catch (ControlException e) {
                pause();
            }
        }
        throw new Undecided(doubt);
    }

    /**
     * Whether the route still is at the epoch that its flip began with, and no decision can be on its way.
     *
     * @throws ControlException when that cannot be told now
     */
    boolean isUndone(RouteRows.Row route, long fromEpoch) {
        return store.write(tables -> tables.routes().confirm(route.key(), fromEpoch));
    }

    private static void pause() {
        try {
            Thread.sleep(DOUBT_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Undecided(e);
        }
    }

    /** @param forgetOldLogins whether they are gone from both servers */
    void succeeded(Flip flip, CutoverRows.Row cutover, StepLog steps, boolean forgetOldLogins) {
        journal.finish(flip.operation(), flip.subject(), OperationState.SUCCEEDED, "", tables -> {
            note(tables, flip, steps, Step.FINISH);
            if (!cutover.keepsLogins() && forgetOldLogins) {
                RouteKey key = flip.route().key();
                tables.logins().delete(key.project(), key.database(), cutover.fromLoginEpoch());
            }
        });
    }

    void aborted(Flip flip, CutoverRows.Row cutover, StepLog steps, String error) {
        journal.finish(flip.operation(), flip.subject(), OperationState.ABORTED, error, tables -> {
            tables.operations().append(flip.operation(), steps.unwritten(), 0);
            if (!cutover.keepsLogins()) {
                RouteKey key = flip.route().key();
                tables.logins().delete(key.project(), key.database(), cutover.toLoginEpoch());
            }
        });
    }

    /** Nothing had been planned yet. */
    void aborted(Flip flip, StepLog steps, String error) {
        journal.finish(
                flip.operation(),
                flip.subject(),
                OperationState.ABORTED,
                error,
                tables -> tables.operations().append(flip.operation(), steps.unwritten(), 0));
    }

    private static void note(Tables tables, Flip flip, StepLog steps, Step next) {
        tables.operations().append(flip.operation(), steps.unwritten(), next.progress());
    }
}
