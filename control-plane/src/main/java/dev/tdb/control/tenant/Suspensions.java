package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.event.Events;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.RouteKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Suspends and resumes routes. The state of the route says that it is suspended; a hold taken beside it says what it had
 * to do with, and is given back before the answer.
 */
public final class Suspensions {
    static final String SUSPEND = "suspend";
    static final String RESUME = "resume";
    private static final Duration PATIENCE_MAX = Duration.ofHours(1);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(10);
    private static final Duration LOOPS_TIMEOUT = Duration.ofSeconds(5);

    private final Journal journal;
    private final RouteBook book;
    private final RouteControl dataPath;
    private final Events events;
    private final InstantSource clock;

    public Suspensions(Journal journal, RouteBook book, RouteControl dataPath, Events events, InstantSource clock) {
        this.journal = journal;
        this.book = book;
        this.dataPath = dataPath;
        this.events = events;
        this.clock = clock;
    }

    /** @param blueprint of the one route; empty when {@code routes} are all of the tenant */
    public Suspension suspend(
            ProjectId project, String tenant, String blueprint, List<RouteRows.Row> routes, SuspendTerms terms) {
        check("patience", terms.patience(), PATIENCE_MAX);
        check("timeout", terms.timeout(), TIMEOUT_MAX);
        return change(
                new Journal.Subject(SUSPEND, project, tenant, blueprint),
                routes,
                TenantStatus.SUSPENDED,
                terms.patience(),
                terms.drained() ? terms.timeout() : Duration.ZERO);
    }

    public Suspension resume(ProjectId project, String tenant, String blueprint, List<RouteRows.Row> routes) {
        List<RouteRows.Row> suspended = routes.stream()
                .filter(route -> route.state().equals(RouteRows.SUSPENDED))
                .toList();
        return change(
                new Journal.Subject(RESUME, project, tenant, blueprint),
                suspended,
                TenantStatus.READY,
                SuspendTerms.PATIENCE_DEFAULT,
                Duration.ZERO);
    }

    private static void check(String field, Duration value, Duration max) {
        if (value.isNegative() || value.compareTo(max) > 0) {
            throw ControlException.badRequest(field + " must be between 0s and " + max.toMinutes() + "m");
        }
    }

    private Suspension change(
            Journal.Subject subject, List<RouteRows.Row> routes, TenantStatus to, Duration patience, Duration wait) {
        String state = to == TenantStatus.SUSPENDED ? RouteRows.SUSPENDED : RouteRows.OPEN;
        List<RouteKey> keys = routes.stream().map(RouteRows.Row::key).toList();
        String operation = journal.begin(
                subject,
                (tables, id) -> keys.forEach(key -> {
                    DatabaseName name = key.database();
                    tables.routes().state(key, state, patience.toMillis(), clock.millis());
                    tables.tenants().status(key.project(), name.tenant(), name.blueprint(), to.word(), "");
                }));
        List<Hold> holds = keys.stream()
                .map(key -> dataPath.hold(key, new HoldTerms(HoldTerms.Cause.SUSPENDED, patience)))
                .toList();
        try {
            book.refresh(keys).get(LOOPS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            boolean drained = awaitDrained(holds, wait);
            HoldStatus status = status(holds);
            journal.finish(operation, subject, OperationState.SUCCEEDED, "");
            tell(subject, to, status);
            return new Suspension(
                    subject.tenant(),
                    to,
                    status.sessions(),
                    status.inFlight(),
                    status.held(),
                    drained || status.inFlight() == 0,
                    operation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + subject.type() + " was under way", e);
        } catch (ExecutionException | TimeoutException e) {
            // The state is written and published; only the answer is missing.
            journal.finish(operation, subject, OperationState.SUCCEEDED, "the data path did not answer in time");
            throw new IllegalStateException("the data path did not answer in time", e);
        } finally {
            holds.forEach(Hold::release);
        }
    }

    private static boolean awaitDrained(List<Hold> holds, Duration wait)
            throws InterruptedException, ExecutionException {
        if (wait.isZero()) {
            return false;
        }
        try {
            CompletableFuture.allOf(holds.stream().map(Hold::drained).toArray(CompletableFuture[]::new))
                    .get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static HoldStatus status(List<Hold> holds)
            throws InterruptedException, ExecutionException, TimeoutException {
        HoldStatus sum = HoldStatus.none();
        for (Hold hold : holds) {
            sum = sum.plus(hold.status().get(LOOPS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        }
        return sum;
    }

    /** What began was one transaction with the change itself: it stands. */
    void recover(OperationRows.Row operation) {
        journal.finish(
                operation.id(),
                new Journal.Subject(operation.type(), operation.project(), operation.tenant(), operation.blueprint()),
                OperationState.SUCCEEDED,
                "");
    }

    private void tell(Journal.Subject subject, TenantStatus to, HoldStatus status) {
        String project = subject.project().value();
        events.publish("tenant.status", project, subject.tenant(), Map.of("status", to.word()));
        events.publish(
                "hold",
                project,
                subject.tenant(),
                Map.of(
                        "phase", to == TenantStatus.SUSPENDED ? "suspended" : "resumed",
                        "blueprint", subject.blueprint(),
                        "sessions", status.sessions(),
                        "in_flight", status.inFlight(),
                        "held", status.held()));
    }
}
