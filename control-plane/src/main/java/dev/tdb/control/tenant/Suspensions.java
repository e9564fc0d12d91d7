package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.event.Events;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.RouteKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** @param blueprint of the one route to suspend; empty for all of the tenant, which must be ready */
    public Suspension suspend(ProjectId project, String tenant, String blueprint, SuspendTerms terms) {
        terms.patience().ifPresent(patience -> check("patience", patience, PATIENCE_MAX));
        check("timeout", terms.timeout(), TIMEOUT_MAX);
        return change(
                new Journal.Subject(SUSPEND, project, tenant, blueprint),
                new Target(TenantStatus.READY, RouteRows.OPEN, TenantStatus.SUSPENDED, RouteRows.SUSPENDED),
                terms.patience(),
                terms.drained() ? terms.timeout() : Duration.ZERO);
    }

    /** @param blueprint of the one route to resume; empty for all that are suspended of the tenant */
    public Suspension resume(ProjectId project, String tenant, String blueprint) {
        return change(
                new Journal.Subject(RESUME, project, tenant, blueprint),
                new Target(TenantStatus.SUSPENDED, RouteRows.SUSPENDED, TenantStatus.READY, RouteRows.OPEN),
                Optional.empty(),
                Duration.ZERO);
    }

    /** What a tenant and its routes must be, and what they shall be. */
    private record Target(TenantStatus from, String fromState, TenantStatus to, String toState) {}

    private static void check(String field, Duration value, Duration max) {
        if (value.isNegative() || value.compareTo(max) > 0) {
            throw ControlException.badRequest(field + " must be between 0s and " + max.toMinutes() + "m");
        }
    }

    /** @param asked the patience; what blueprints say, if empty */
    private Suspension change(Journal.Subject subject, Target target, Optional<Duration> asked, Duration wait) {
        Map<RouteKey, Duration> patiences = new LinkedHashMap<>();
        String operation = journal.begin(subject, (tables, id) -> {
            for (RouteRows.Row route : affected(tables, subject, target)) {
                DatabaseName name = route.key().database();
                Duration patience = asked.orElseGet(() -> ofBlueprint(tables, route.key()));
                tables.routes().state(route.key(), target.toState(), patience.toMillis(), clock.millis());
                tables.tenants()
                        .status(
                                subject.project(),
                                name.tenant(),
                                name.blueprint(),
                                target.to().word(),
                                "");
                patiences.put(route.key(), patience);
            }
        });
        return journal.watch(operation, () -> changed(subject, target, patiences, wait, operation));
    }

    private static Duration ofBlueprint(Tables tables, RouteKey key) {
        return tables.blueprints()
                .find(key.project(), key.database().blueprint())
                .map(blueprint -> Duration.ofMillis(blueprint.patienceMillis()))
                .orElseThrow();
    }

    private Suspension changed(
            Journal.Subject subject,
            Target target,
            Map<RouteKey, Duration> patiences,
            Duration wait,
            String operation) {
        List<Hold> holds = patiences.entrySet().stream()
                .map(entry -> dataPath.hold(entry.getKey(), new HoldTerms(HoldTerms.Cause.SUSPENDED, entry.getValue())))
                .toList();
        try {
            book.refresh(List.copyOf(patiences.keySet())).get(LOOPS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            boolean drained = awaitDrained(holds, wait);
            HoldStatus status = status(holds);
            journal.finish(operation, subject, OperationState.SUCCEEDED, "");
            tell(subject, target.to(), status);
            return new Suspension(
                    subject.tenant(),
                    target.to(),
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

    /** Read where it is changed, so that nothing comes between. */
    private static List<RouteRows.Row> affected(Tables tables, Journal.Subject subject, Target target) {
        String id = subject.tenant();
        List<RouteRows.Row> routes = tables.routes().ofTenant(subject.project(), id);
        if (subject.blueprint().isEmpty()) {
            TenantStatus status =
                    TenantViews.required(tables, subject.project(), id).status();
            if (status != target.from()) {
                throw TenantConflicts.unfit(
                        id, status, "Only " + target.from().word() + " tenants can be " + participle(target));
            }
            return routes.stream()
                    .filter(route -> route.state().equals(target.fromState()))
                    .toList();
        }
        RouteRows.Row route = routes.stream()
                .filter(row -> row.key().database().blueprint().equals(subject.blueprint()))
                .findFirst()
                .orElseThrow(() -> ControlException.notFound("Route not found: " + subject.blueprint() + "__" + id));
        if (!route.state().equals(target.fromState())) {
            throw ControlException.conflict("Route '" + route.key().database() + "' is " + route.state() + ". Only "
                    + target.fromState() + " routes can be " + participle(target));
        }
        return List.of(route);
    }

    private static String participle(Target target) {
        return target.to() == TenantStatus.SUSPENDED ? "suspended" : "resumed";
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
        book.refreshTenant(operation.project(), operation.tenant()).join();
        journal.finish(operation.id(), Journal.Subject.of(operation), OperationState.SUCCEEDED, "");
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
