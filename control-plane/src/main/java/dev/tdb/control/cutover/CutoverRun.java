package dev.tdb.control.cutover;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.operation.Leftovers;
import dev.tdb.control.store.CutoverRows;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.Released;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One flip under way: the order of its steps, and what becomes of a failure in each. Used by one thread. */
final class CutoverRun {
    private static final Logger log = LoggerFactory.getLogger(CutoverRun.class);

    /** How old the proof may be that two addresses lead to one server; nothing is fenced then. */
    private static final Duration PROOF_MAX = Duration.ofSeconds(1);

    private final Flip flip;
    private final FlipRecords records;
    private final Guard guard;
    private final Servers servers;
    private final Holds holds;
    private final Leftovers leftovers;
    private final StepLog steps;

    CutoverRun(Flip flip, FlipRecords records, Guard guard, Servers servers, Holds holds, Leftovers leftovers) {
        this.flip = flip;
        this.records = records;
        this.guard = guard;
        this.servers = servers;
        this.holds = holds;
        this.leftovers = leftovers;
        this.steps = records.newSteps();
    }

    /** What was found while the route was held. */
    private record Drained(HoldStatus atFirst, int count) {}

    FlipResult run() {
        Guard.Report report = guarded();
        long guardedNanos = System.nanoTime();
        CutoverRows.Row cutover = prepared(report);
        Holding holding = holds.begin(flip);
        Drained drained;
        try {
            HoldStatus atFirst = take(Step.HOLD, holding::acknowledged);
            int killed = take(Step.DRAIN, holding::drain);
            drained = new Drained(atFirst, Math.max(0, atFirst.inFlight() - killed));
            if (!cutover.keepsLogins() && report.sourceReachable()) {
                fence(cutover);
            }
            if (cutover.keepsLogins() && System.nanoTime() - guardedNanos > PROOF_MAX.toNanos()) {
                guard.requireSame(flip.route(), flip.to());
            }
            steps.take(Step.DECIDE, () -> records.decide(flip, cutover, steps));
        } catch (FlipRecords.Undecided e) {
            throw later("it cannot be told yet whether the flip was decided", e, holding);
        } catch (RuntimeException e) {
            throw aborted(e, cutover, holding);
        }
        return forward(cutover, report, holding, drained);
    }

    private <T> T take(Step step, Supplier<T> work) {
        List<T> result = new ArrayList<>(1);
        steps.take(step, () -> result.add(work.get()));
        return result.getFirst();
    }

    private Guard.Report guarded() {
        try {
            return take(Step.GUARD, () -> guard.inspect(flip.route(), flip.to(), flip.request()));
        } catch (RuntimeException e) {
            records.aborted(flip, steps, sentence(e));
            throw conflict(e);
        }
    }

    private CutoverRows.Row prepared(Guard.Report report) {
        CutoverRows.Row cutover = planned(report);
        try {
            steps.take(Step.PREPARE, () -> {
                servers.prepare(flip.route(), cutover);
                holds.openLinks(flip, cutover);
            });
            records.progress(flip, steps, Step.HOLD);
            return cutover;
        } catch (RuntimeException e) {
            throw undone(e, cutover);
        }
    }

    private CutoverRows.Row planned(Guard.Report report) {
        try {
            return records.plan(flip, report.sameServer(), steps);
        } catch (RuntimeException e) {
            if (e instanceof ControlException refusal && refusal.code() == ErrorCode.UNAVAILABLE) {
                throw e; // It may have been written all the same, with logins: whoever ends the operation looks.
            }
            records.aborted(flip, steps, sentence(e));
            throw conflict(e);
        }
    }

    private void fence(CutoverRows.Row cutover) {
        steps.take(Step.FENCE, () -> {
            records.fencing(flip, steps);
            servers.fence(flip.route(), cutover);
        });
    }

    /** From here on there is only forward. */
    private FlipResult forward(CutoverRows.Row cutover, Guard.Report report, Holding holding, Drained drained) {
        Released released;
        Duration holdTime;
        try {
            steps.take(Step.SWITCH, holding::switched);
            released = take(Step.RELEASE, holding::release);
            holdTime = holding.lasted();
        } catch (RuntimeException e) {
            throw later("the flip was decided, but " + e.getMessage(), e, holding);
        }
        List<String> warnings = new ArrayList<>(report.warnings());
        steps.take(Step.FINISH, () -> warnings.addAll(finish(cutover, report)));
        return result(report, drained, released, holdTime, warnings);
    }

    /** @return what is left to do, in sentences */
    private List<String> finish(CutoverRows.Row cutover, Guard.Report report) {
        List<String> left = servers.dropOldLogins(flip.route(), cutover, report.sourceReachable());
        try {
            records.succeeded(flip, cutover, steps, left.isEmpty() && report.sourceReachable());
        } catch (ControlException e) {
            leftovers.endLater(flip.operation(), () -> {});
        }
        return left;
    }

    private FlipResult result(
            Guard.Report report, Drained drained, Released released, Duration holdTime, List<String> warnings) {
        return new FlipResult(
                flip.operation(),
                false,
                flip.route().key(),
                flip.route().place().address(),
                flip.to().address(),
                flip.route().epoch() + 1,
                report.sameServer(),
                drained.atFirst().sessions(),
                released.held(),
                drained.count(),
                released.moved(),
                released.stayed(),
                released.closedByReason(),
                holdTime,
                steps.times(),
                warnings);
    }

    /**
     * The source is opened before units go on to it. While it cannot be, they wait, and are refused when their patience ends:
     * on a fenced server their sessions would be lost.
     */
    private ControlException aborted(RuntimeException why, CutoverRows.Row cutover, Holding holding) {
        log.atWarn()
                .addKeyValue("operation", flip.operation())
                .addKeyValue("error", sentence(why))
                .log("flip given up");
        try {
            if (records.mayBeFenced(flip)) {
                servers.unfence(flip.route(), cutover);
            }
        } catch (EngineException | ControlException e) {
            leftovers.endLater(flip.operation(), holding::letGo);
            return ControlException.conflict(
                    sentence(why) + "; and the source could not be opened again yet: " + e.getMessage(),
                    flip.operation());
        }
        holding.letGo();
        return undone(why, cutover);
    }

    /** Takes away what was made on the target, and closes the operation. */
    private ControlException undone(RuntimeException why, CutoverRows.Row cutover) {
        servers.dropNewLogins(flip.route(), cutover);
        try {
            records.aborted(flip, cutover, steps, sentence(why));
        } catch (ControlException e) {
            leftovers.endLater(flip.operation(), () -> {});
        }
        return conflict(why);
    }

    /** Units wait until it is known where they belong: the side that is not to be written to may not be fenced. */
    private ControlException later(String sentence, RuntimeException why, Holding holding) {
        log.atError().addKeyValue("operation", flip.operation()).setCause(why).log("a flip is ended in the background");
        leftovers.endLater(flip.operation(), holding::letGo);
        return ControlException.unavailable(sentence + "; see operation " + flip.operation(), flip.operation(), why);
    }

    private ControlException conflict(RuntimeException why) {
        if (!isExpected(why)) {
            log.atError()
                    .addKeyValue("operation", flip.operation())
                    .setCause(why)
                    .log("flip given up");
        }
        return ControlException.conflict(sentence(why), flip.operation());
    }

    private static String sentence(RuntimeException why) {
        return isExpected(why) ? String.valueOf(why.getMessage()) : "the flip was given up: " + why.getMessage();
    }

    private static boolean isExpected(RuntimeException why) {
        return why instanceof ControlException || why instanceof EngineException;
    }
}
