package dev.tdb.control.cutover;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.event.Events;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.CutoverRows;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.refusal.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One flip under way. Used by one thread. */
final class CutoverRun {
    private static final Logger log = LoggerFactory.getLogger(CutoverRun.class);

    /** How long the loops may take to say that they have heard. */
    private static final Duration LOOPS_TIMEOUT = Duration.ofSeconds(5);

    /** How long it is waited for links to the target, before the hold. */
    private static final Duration LINKS_TIMEOUT = Duration.ofSeconds(5);

    /** How long sessions may take to stand on the new server, or to go on after it. */
    private static final Duration MOVE_TIMEOUT = Duration.ofSeconds(30);

    /** What a unit waits for beyond the drain: fence, decision, switch. */
    private static final Duration PATIENCE_BEYOND_DRAIN = Duration.ofSeconds(20);

    /** How long it is tried to learn whether a decision was written. */
    private static final Duration DOUBT_MAX = Duration.ofSeconds(10);

    private static final Duration DOUBT_PAUSE = Duration.ofMillis(200);

    private final StateStore store;
    private final Journal journal;
    private final RouteBook book;
    private final RouteControl dataPath;
    private final LoginSafe safe;
    private final Events events;
    private final InstantSource clock;
    private final Guard guard;
    private final Servers servers;
    private final Consumer<String> finishLater;
    private final String operation;
    private final Journal.Subject subject;
    private final RouteRows.Row route;
    private final RouteRows.Place to;
    private final FlipRequest request;
    private final StepLog steps;

    CutoverRun(
            StateStore store,
            Journal journal,
            RouteBook book,
            RouteControl dataPath,
            LoginSafe safe,
            Events events,
            InstantSource clock,
            Guard guard,
            Servers servers,
            Consumer<String> finishLater,
            String operation,
            Journal.Subject subject,
            RouteRows.Row route,
            RouteRows.Place to,
            FlipRequest request) {
        this.store = store;
        this.journal = journal;
        this.book = book;
        this.dataPath = dataPath;
        this.safe = safe;
        this.events = events;
        this.clock = clock;
        this.guard = guard;
        this.servers = servers;
        this.finishLater = finishLater;
        this.operation = operation;
        this.subject = subject;
        this.route = route;
        this.to = to;
        this.request = request;
        this.steps = new StepLog(clock);
    }

    /** The hold, from when on it stands, and what had been in flight then. */
    private record Standing(Hold hold, long sinceNanos, HoldStatus atFirst) {}

    FlipResult run() {
        Guard.Report report = guarded();
        CutoverRows.Row cutover = prepared(report);
        Hold hold = held(cutover);
        Standing standing;
        int drained;
        try {
            standing = new Standing(hold, System.nanoTime(), acknowledged(hold));
            drained = drain(standing);
            if (!cutover.keepsLogins() && report.sourceReachable()) {
                fence(cutover);
            }
            decide(cutover);
        } catch (Undecided e) {
            hold.release();
            finishLater.accept(operation);
            throw new ControlException(
                    ErrorCode.UNAVAILABLE,
                    "it cannot be told yet whether the flip was decided; see operation " + operation,
                    e);
        } catch (RuntimeException e) {
            throw aborted(e, cutover, hold);
        }
        return forward(cutover, report, standing, drained);
    }

    private Guard.Report guarded() {
        try {
            Guard.Report[] found = new Guard.Report[1];
            steps.take(Step.GUARD, () -> found[0] = guard.inspect(route, to, request));
            return found[0];
        } catch (RuntimeException e) {
            throw aborted(e);
        }
    }

    /** Writes down what is about to be made, then makes it. */
    private CutoverRows.Row prepared(Guard.Report report) {
        boolean keep = report.sameServer();
        CutoverRows.Row cutover = new CutoverRows.Row(
                operation,
                route.epoch(),
                route.loginEpoch(),
                route.place(),
                keep ? route.loginEpoch() : route.epoch() + 1,
                to,
                false);
        try {
            store.write(tables -> {
                tables.operations().append(operation, steps.unwritten(), Step.PREPARE.progress());
                tables.cutovers().insert(cutover);
                if (!keep) {
                    safe.make(
                            tables,
                            route.key().project(),
                            route.key().database(),
                            cutover.toLoginEpoch(),
                            clock.millis());
                }
                return operation;
            });
            steps.take(Step.PREPARE, () -> {
                servers.prepare(route, cutover);
                openLinks(cutover);
            });
            return cutover;
        } catch (RuntimeException e) {
            throw aborted(e, cutover);
        }
    }

    /** Sessions that find their link open wait less. None has to: one that does not opens its own when it moves. */
    private void openLinks(CutoverRows.Row cutover) {
        try {
            dataPath.prepare(book.next(route, to, cutover.toLoginEpoch()))
                    .get(LINKS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.atInfo().addKeyValue("operation", operation).setCause(e).log("links were not all opened ahead");
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Hold held(CutoverRows.Row cutover) {
        try {
            store.write(tables -> {
                tables.operations().append(operation, steps.unwritten(), Step.HOLD.progress());
                return operation;
            });
        } catch (RuntimeException e) {
            throw aborted(e, cutover);
        }
        tell("held", Map.of());
        return dataPath.hold(
                route.key(),
                new HoldTerms(HoldTerms.Cause.CUTOVER, request.drainTimeout().plus(PATIENCE_BEYOND_DRAIN)));
    }

    private HoldStatus acknowledged(Hold hold) {
        HoldStatus[] status = {HoldStatus.none()};
        steps.take(Step.HOLD, () -> {
            if (hold.epoch() != route.epoch()) {
                throw new IllegalStateException("the data path goes by epoch " + hold.epoch() + " of " + route.key()
                        + ", the store by " + route.epoch());
            }
            await(hold.acknowledged(), LOOPS_TIMEOUT, "the event loops did not take the hold in time");
            status[0] = await(hold.status(), LOOPS_TIMEOUT, "the event loops did not answer in time");
        });
        return status[0];
    }

    /** @return how many sessions that were in flight came to a safe point */
    private int drain(Standing standing) {
        int[] ended = {standing.atFirst().inFlight()};
        steps.take(Step.DRAIN, () -> {
            try {
                standing.hold().drained().get(request.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                ended[0] -= atDeadline(standing.hold());
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("the drain failed", e);
            }
        });
        return Math.max(ended[0], 0);
    }

    private int atDeadline(Hold hold) {
        return switch (request.onDeadline()) {
            case ABORT -> {
                HoldStatus status = await(hold.status(), LOOPS_TIMEOUT, "the event loops did not answer in time");
                throw ControlException.conflict(
                        "Route '" + route.key().database() + "' was not flipped: " + status.inFlight()
                                + " sessions were still in flight after "
                                + request.drainTimeout().toMillis()
                                + " ms. Nothing has changed. Try again with a longer drain_timeout, or with"
                                + " on_deadline kill",
                        operation);
            }
            case KILL -> {
                Refusal refusal = new Refusal.Terminated(
                        "the database moves, and this session had not come to a safe" + " point in time");
                int killed = await(hold.kill(refusal), LOOPS_TIMEOUT, "the event loops did not answer in time");
                await(hold.drained(), LOOPS_TIMEOUT, "sessions did not end in time");
                yield killed;
            }
        };
    }

    private void fence(CutoverRows.Row cutover) {
        steps.take(Step.FENCE, () -> {
            store.write(tables -> {
                tables.cutovers().fencing(operation);
                tables.operations().append(operation, steps.unwritten(), Step.FENCE.progress());
                return operation;
            });
            servers.fence(route, cutover);
        });
    }

    /** The one write that changes everything: the route's epoch and place, and the journal, in one transaction. */
    private void decide(CutoverRows.Row cutover) {
        steps.take(Step.DECIDE, () -> {
            List<OperationRows.Step> taken = steps.unwritten();
            try {
                store.write(tables -> {
                    boolean won = tables.routes()
                            .decide(route.key(), route.epoch(), to, cutover.toLoginEpoch(), clock.millis());
                    if (!won) {
                        throw new IllegalStateException(
                                "route " + route.key() + " is no longer at epoch " + route.epoch());
                    }
                    tables.operations().append(operation, taken, Step.DECIDE.progress());
                    return operation;
                });
            } catch (ControlException e) {
                settle(e);
            }
        });
    }

    /** A commit that failed may have been made all the same: the route's row knows. */
    private void settle(ControlException doubt) {
        long deadline = System.nanoTime() + DOUBT_MAX.toNanos();
        while (true) {
            try {
                long epoch = store.read(tables -> tables.routes()
                                .find(route.key().project(), route.key().database()))
                        .map(RouteRows.Row::epoch)
                        .orElse(route.epoch());
                if (epoch == route.epoch() + 1) {
                    return;
                }
                throw new NotDecided(doubt);
            } catch (ControlException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new Undecided(e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(DOUBT_PAUSE);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** From here on there is only forward. */
    private FlipResult forward(CutoverRows.Row cutover, Guard.Report report, Standing standing, int drained) {
        Released[] released = {Released.none()};
        Duration holdTime;
        try {
            steps.take(Step.SWITCH, () -> {
                await(book.refresh(route.key()), LOOPS_TIMEOUT, "the event loops did not take the new route in time");
                await(standing.hold().switched(), MOVE_TIMEOUT, "sessions did not move in time");
            });
            steps.take(
                    Step.RELEASE,
                    () -> released[0] =
                            await(standing.hold().release(), MOVE_TIMEOUT, "sessions did not go on in time"));
            holdTime = Duration.ofNanos(System.nanoTime() - standing.sinceNanos());
            tell("released", Map.of("hold_ms", holdTime.toMillis()));
        } catch (RuntimeException e) {
            standing.hold().release();
            finishLater.accept(operation);
            log.atError()
                    .addKeyValue("operation", operation)
                    .setCause(e)
                    .log("a flip was decided, and is ended in the background");
            throw new ControlException(
                    ErrorCode.UNAVAILABLE,
                    "the flip was decided, but " + e.getMessage() + "; see operation " + operation,
                    e);
        }
        List<String> warnings = new ArrayList<>(report.warnings());
        steps.take(Step.FINISH, () -> warnings.addAll(finish(cutover, report)));
        tellRoute();
        return result(report, standing, drained, released[0], holdTime, warnings);
    }

    private List<String> finish(CutoverRows.Row cutover, Guard.Report report) {
        List<String> left = servers.dropOldLogins(route, cutover, report.sourceReachable());
        try {
            journal.finish(operation, subject, OperationState.SUCCEEDED, "", tables -> {
                tables.operations().append(operation, steps.unwritten(), Step.FINISH.progress());
                if (!cutover.keepsLogins() && left.isEmpty() && report.sourceReachable()) {
                    tables.logins().delete(route.key().project(), route.key().database(), cutover.fromLoginEpoch());
                }
            });
        } catch (ControlException e) {
            finishLater.accept(operation);
        }
        return left;
    }

    private FlipResult result(
            Guard.Report report,
            Standing standing,
            int drained,
            Released released,
            Duration holdTime,
            List<String> warnings) {
        return new FlipResult(
                operation,
                false,
                route.key(),
                route.place().address(),
                to.address(),
                route.epoch() + 1,
                report.sameServer(),
                standing.atFirst().sessions(),
                released.held(),
                drained,
                released.moved(),
                released.stayed(),
                released.closedByReason(),
                holdTime,
                steps.times(),
                warnings);
    }

    /** Before the hold: nothing but new logins may have been made. */
    private ControlException aborted(RuntimeException why, CutoverRows.Row cutover) {
        servers.dropNewLogins(route, cutover);
        return ended(why, cutover);
    }

    private ControlException aborted(RuntimeException why) {
        journal.finish(operation, subject, OperationState.ABORTED, sentence(why));
        return conflict(why);
    }

    /** The source is opened before units go on to it. What cannot be opened now is tried again in the background. */
    private ControlException aborted(RuntimeException why, CutoverRows.Row cutover, Hold hold) {
        log.atWarn()
                .addKeyValue("operation", operation)
                .addKeyValue("route", route.key())
                .addKeyValue("error", sentence(why))
                .log("flip given up");
        try {
            boolean fencing = store.read(tables -> tables.cutovers().find(operation))
                    .map(CutoverRows.Row::fencing)
                    .orElse(false);
            if (fencing) {
                servers.unfence(route, cutover);
            }
        } catch (EngineException | ControlException e) {
            hold.release();
            finishLater.accept(operation);
            return ControlException.conflict(
                    sentence(why) + "; and the source could not be opened again yet: " + e.getMessage(), operation);
        }
        hold.release();
        tell("released", Map.of("aborted", true));
        servers.dropNewLogins(route, cutover);
        return ended(why, cutover);
    }

    private ControlException ended(RuntimeException why, CutoverRows.Row cutover) {
        try {
            journal.finish(operation, subject, OperationState.ABORTED, sentence(why), tables -> {
                tables.operations().append(operation, steps.unwritten(), 0);
                if (!cutover.keepsLogins()) {
                    tables.logins().delete(route.key().project(), route.key().database(), cutover.toLoginEpoch());
                }
            });
        } catch (ControlException e) {
            finishLater.accept(operation);
        }
        return conflict(why);
    }

    private ControlException conflict(RuntimeException why) {
        if (!(why instanceof ControlException) && !(why instanceof EngineException)) {
            log.atError().addKeyValue("operation", operation).setCause(why).log("flip given up because of a bug");
        }
        return ControlException.conflict(sentence(why), operation);
    }

    private static String sentence(RuntimeException why) {
        return why instanceof ControlException || why instanceof EngineException
                ? String.valueOf(why.getMessage())
                : "the flip was given up: " + why.getMessage();
    }

    private void tell(String phase, Map<String, Object> more) {
        Map<String, Object> data = new java.util.HashMap<>(more);
        data.put("phase", phase);
        data.put("database", route.key().database().toString());
        data.put("operation_id", operation);
        events.publish("hold", route.key().project().value(), subject.tenant(), data);
    }

    private void tellRoute() {
        events.publish(
                "route",
                route.key().project().value(),
                subject.tenant(),
                Map.of(
                        "database", route.key().database().toString(),
                        "epoch", route.epoch() + 1,
                        "from", route.place().address().toString(),
                        "to", to.address().toString(),
                        "operation_id", operation));
    }

    private static <T> T await(CompletableFuture<T> future, Duration timeout, String late) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(late, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the data path failed", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }

    /** The decision was certainly not written. */
    private static final class NotDecided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotDecided(Throwable cause) {
            super("the decision could not be written", cause);
        }
    }

    /** It cannot be told whether the decision was written. */
    private static final class Undecided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undecided(Throwable cause) {
            super("it cannot be told whether the decision was written", cause);
        }
    }
}
