package dev.tdb.control.cutover;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.DatabaseFacts;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.ServerFacts;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.store.RouteRows;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.RouteControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is looked at before anything is held. A reason not to flip is a {@code conflict}; a doubt is a warning. */
final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);
    private static final Duration SURVEY_TIMEOUT = Duration.ofSeconds(5);

    private final HostAccess access;
    private final RouteControl dataPath;

    Guard(HostAccess access, RouteControl dataPath) {
        this.access = access;
        this.dataPath = dataPath;
    }

    /**
     * What the guard found.
     *
     * @param sameServer both addresses lead to one running server
     * @param sourceReachable whether the source can be fenced
     */
    record Report(boolean sameServer, boolean sourceReachable, HoldStatus survey, List<String> warnings) {
        Report {
            warnings = List.copyOf(warnings);
        }
    }

    Report inspect(RouteRows.Row route, RouteRows.Place to, FlipRequest request) {
        EngineAdapter engine = access.engine(route.key().engine());
        AdminAccess source = access.admin(route.place());
        AdminAccess target = access.admin(to);
        List<String> warnings = new ArrayList<>();
        ServerFacts targetFacts = facts(engine, target, "the target cannot be used: ");
        DatabaseFacts targetDatabase = database(engine, target, route.database());
        if (targetFacts.replica()) {
            throw ControlException.conflict(
                    "the target " + to.address() + " is a replica or read only. Promote it first");
        }
        checkDatabase(route, to, targetDatabase);
        boolean reachable = compare(engine, route, source, targetFacts, targetDatabase, request, warnings);
        boolean same = reachable && isSame(engine, source, target);
        return new Report(same, reachable, survey(route, warnings), warnings);
    }

    /** Throws {@code conflict} when both addresses do not lead to one running server any more. */
    void requireSame(RouteRows.Row route, RouteRows.Place to) {
        EngineAdapter engine = access.engine(route.key().engine());
        if (!isSame(engine, access.admin(route.place()), access.admin(to))) {
            throw ControlException.conflict(route.place().address() + " and " + to.address()
                    + " led to one server when the flip began, and now to two. Look where they lead, then try again");
        }
    }

    private static ServerFacts facts(EngineAdapter engine, AdminAccess admin, String prefix) {
        try {
            return engine.serverFacts(admin);
        } catch (EngineException e) {
            throw ControlException.conflict(prefix + e.sentence());
        }
    }

    private static DatabaseFacts database(EngineAdapter engine, AdminAccess admin, String database) {
        try {
            return engine.databaseFacts(admin, database);
        } catch (EngineException e) {
            throw ControlException.conflict("the target cannot be used: " + e.sentence());
        }
    }

    private static boolean isSame(EngineAdapter engine, AdminAccess source, AdminAccess target) {
        try {
            return engine.isSameServer(source, target);
        } catch (EngineException e) {
            throw ControlException.conflict("the servers cannot be compared: " + e.sentence());
        }
    }

    private static void checkDatabase(RouteRows.Row route, RouteRows.Place to, DatabaseFacts facts) {
        if (!facts.exists()) {
            throw ControlException.conflict(
                    "the target " + to.address() + " has no database " + route.database() + " that allows connections");
        }
        if (!facts.rolesMissing().isEmpty()) {
            throw ControlException.conflict("the target " + to.address() + " lacks the roles "
                    + String.join(", ", facts.rolesMissing()) + " of database " + route.database());
        }
    }

    /** @return whether the source can be reached */
    private static boolean compare(
            EngineAdapter engine,
            RouteRows.Row route,
            AdminAccess source,
            ServerFacts targetFacts,
            DatabaseFacts targetDatabase,
            FlipRequest request,
            List<String> warnings) {
        ServerFacts sourceFacts;
        DatabaseFacts sourceDatabase;
        try {
            sourceFacts = engine.serverFacts(source);
            sourceDatabase = engine.databaseFacts(source, route.database());
        } catch (EngineException e) {
            String unfenced =
                    "the server that the route leads to now cannot be reached, so it cannot be fenced: " + e.sentence();
            if (!request.force()) {
                throw ControlException.conflict(
                        unfenced + ". If it is gone for good, and nothing can write to it any more, use force");
            }
            warnings.add(unfenced);
            return false;
        }
        if (sourceFacts.majorVersion() != targetFacts.majorVersion()) {
            throw ControlException.conflict("the target runs version " + targetFacts.majorVersion()
                    + ", the source version " + sourceFacts.majorVersion()
                    + ": sessions cannot be moved between them");
        }
        if (sourceDatabase.exists() && !sourceDatabase.encoding().equals(targetDatabase.encoding())) {
            throw ControlException.conflict("database " + route.database() + " has encoding "
                    + targetDatabase.encoding() + " on the target, " + sourceDatabase.encoding() + " on the source");
        }
        if (sourceDatabase.longestTransaction().compareTo(request.drainTimeout()) > 0) {
            warnings.add("the oldest open transaction has lasted for "
                    + sourceDatabase.longestTransaction().toSeconds() + " s already; drain_timeout is "
                    + request.drainTimeout().toMillis() + " ms");
        }
        return true;
    }

    private HoldStatus survey(RouteRows.Row route, List<String> warnings) {
        try {
            HoldStatus status = dataPath.survey(route.key()).get(SURVEY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            status.unmovable().forEach((reason, count) -> warnings.add(count + " sessions cannot be moved: " + reason));
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sessions were surveyed", e);
        } catch (ExecutionException | TimeoutException e) {
            log.atWarn().addKeyValue("route", route.key()).setCause(e).log("sessions could not be surveyed");
            warnings.add("the sessions could not be asked whether they can move");
            return HoldStatus.none();
        }
    }
}
