package dev.tdb.control.cutover;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.event.Events;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.Leftovers;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.CutoverRows;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.ServerAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plain flip of a route: GUARD, PREPARE, HOLD, DRAIN, FENCE, DECIDE, SWITCH, RELEASE, FINISH. Data is not copied: the
 * target has it already, being the same server by another address, or a replica that was promoted.
 *
 * <p>DECIDE is one durable write. What ends before it leaves source and epoch as they were; what ends after it is gone on
 * with, by {@link #recover} at the next start at the latest.
 */
public final class Cutover {
    public static final String TYPE = "flip";

    private final StateStore store;
    private final Journal journal;
    private final Leftovers leftovers;
    private final RouteBook book;
    private final Holds holds;
    private final Events events;
    private final FlipRecords records;
    private final Guard guard;
    private final Servers servers;

    public Cutover(
            StateStore store,
            Journal journal,
            Leftovers leftovers,
            HostAccess access,
            RouteBook book,
            RouteControl dataPath,
            LoginSafe safe,
            Events events,
            InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.leftovers = leftovers;
        this.book = book;
        this.holds = new Holds(dataPath, book, events);
        this.events = events;
        this.records = new FlipRecords(store, journal, safe, clock);
        this.guard = new Guard(access, dataPath);
        this.servers = new Servers(store, access, safe);
    }

    /** Blocks until the flip is done, or throws {@code conflict} when it was refused or given up. */
    public FlipResult flip(RouteRows.Row route, FlipRequest request) {
        check(route, request.to());
        if (request.dryRun()) {
            return dryRun(route, destination(route, request.to()), request);
        }
        DatabaseName name = route.key().database();
        Journal.Subject subject = new Journal.Subject(TYPE, route.key().project(), name.tenant(), name.blueprint());
        String operation = journal.begin(subject);
        return journal.watch(operation, () -> {
            Flip flip = taken(operation, subject, request);
            FlipResult result = new CutoverRun(flip, records, guard, servers, holds, leftovers).run();
            tell(result);
            return result;
        });
    }

    /** Looks again: what ended just now may have changed the route, and nothing can while this operation runs. */
    private Flip taken(String operation, Journal.Subject subject, FlipRequest request) {
        DatabaseName name = new DatabaseName(subject.blueprint(), subject.tenant());
        try {
            RouteRows.Row current = store.read(tables -> tables.routes().find(subject.project(), name))
                    .orElseThrow(() -> ControlException.conflict("Route '" + name + "' is no more"));
            check(current, request.to());
            return new Flip(operation, subject, current, destination(current, request.to()), request);
        } catch (ControlException e) {
            journal.finish(operation, subject, OperationState.ABORTED, e.sentence());
            throw e;
        }
    }

    private void tell(FlipResult result) {
        events.publish(
                "route",
                result.route().project().value(),
                result.route().database().tenant(),
                Map.of(
                        "database", result.route().database().toString(),
                        "epoch", result.epoch(),
                        "from", result.from().toString(),
                        "to", result.to().toString(),
                        "operation_id", result.operationId()));
    }

    private static void check(RouteRows.Row route, ServerAddress to) {
        DatabaseName name = route.key().database();
        if (!route.state().equals(RouteRows.OPEN) && !route.state().equals(RouteRows.SUSPENDED)) {
            throw ControlException.conflict(
                    "Route '" + name + "' is " + route.state() + ". Only open and suspended routes can be flipped");
        }
        if (route.place().address().equals(to)) {
            throw ControlException.conflict("Route '" + name + "' leads to " + to + " already");
        }
    }

    /**
     * A registered host of that address, with its own administrator. Any other address must let the administrator of the
     * route's present host in.
     */
    private RouteRows.Place destination(RouteRows.Row route, ServerAddress to) {
        if (store.read(tables -> tables.routes().isTaken(to, route.database()))) {
            throw ControlException.conflict(
                    to + " holds a database " + route.database() + " that belongs to another tenant");
        }
        return store.read(tables -> tables.hosts().findByAddress(to))
                .map(host -> {
                    if (host.engine() != route.key().engine()) {
                        throw ControlException.conflict(
                                "host '" + host.id() + "' is a " + host.engine().title() + " server");
                    }
                    return HostAccess.place(host);
                })
                .orElseGet(() -> new RouteRows.Place(
                        "", route.place().adminHostId(), to, route.place().tls()));
    }

    private FlipResult dryRun(RouteRows.Row route, RouteRows.Place to, FlipRequest request) {
        StepLog steps = records.newSteps();
        Guard.Report[] found = new Guard.Report[1];
        steps.take(Step.GUARD, () -> found[0] = guard.inspect(route, to, request));
        Guard.Report report = found[0];
        HoldStatus survey = report.survey();
        int unmovable =
                survey.unmovable().values().stream().mapToInt(Integer::intValue).sum();
        return new FlipResult(
                "",
                true,
                route.key(),
                route.place().address(),
                to.address(),
                route.epoch(),
                report.sameServer(),
                survey.sessions(),
                survey.held(),
                survey.inFlight(),
                survey.sessions() - unmovable,
                0,
                survey.unmovable(),
                Duration.ZERO,
                steps.times(),
                report.warnings());
    }

    /**
     * Ends a flip that an earlier process, or a failure, has left running: gives it up when it was not decided, finishes
     * it when it was.
     *
     * @throws EngineException when the source cannot be unfenced now; to be tried again
     */
    public void recover(OperationRows.Row operation) {
        Journal.Subject subject = Journal.Subject.of(operation);
        Optional<CutoverRows.Row> known = store.read(tables -> tables.cutovers().find(operation.id()));
        Optional<RouteRows.Row> route = store.read(tables ->
                tables.routes().find(operation.project(), new DatabaseName(operation.blueprint(), operation.tenant())));
        if (known.isEmpty() || route.isEmpty()) {
            journal.finish(operation.id(), subject, OperationState.ABORTED, "ended before anything was changed");
            return;
        }
        if (records.isUndone(route.get(), known.get().fromEpoch())) {
            giveUp(operation.id(), subject, route.get(), known.get());
        } else {
            goOn(operation.id(), subject, route.get(), known.get());
        }
    }

    private void giveUp(String id, Journal.Subject subject, RouteRows.Row route, CutoverRows.Row cutover) {
        if (cutover.fencing()) {
            servers.unfence(route, cutover);
        }
        servers.dropNewLogins(route, cutover);
        String error = "ended before the decision; the route leads where it did";
        journal.finish(id, subject, OperationState.ABORTED, error, tables -> {
            if (!cutover.keepsLogins()) {
                tables.logins().delete(subject.project(), route.key().database(), cutover.toLoginEpoch());
            }
        });
    }

    private void goOn(String id, Journal.Subject subject, RouteRows.Row route, CutoverRows.Row cutover) {
        book.refresh(route.key()).join();
        List<String> left = servers.dropOldLogins(route, cutover, cutover.fencing());
        journal.finish(id, subject, OperationState.SUCCEEDED, String.join("; ", left), tables -> {
            // Logins of a source that was not fenced are kept: some day it may have to be fenced after all.
            if (!cutover.keepsLogins() && left.isEmpty() && cutover.fencing()) {
                tables.logins().delete(subject.project(), route.key().database(), cutover.fromLoginEpoch());
            }
        });
    }
}
