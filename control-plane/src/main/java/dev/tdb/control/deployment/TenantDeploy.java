package dev.tdb.control.deployment;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.blueprint.VersionScripts;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.control.event.Events;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.DeploymentRows;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.control.tenant.TenantStatus;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one tenant the versions it lacks, one after another, as an operation of the tenant: so nothing else happens to
 * it meanwhile. What a restart interrupts is done again, and a version that the database has is passed over there.
 */
public final class TenantDeploy {
    /** The operation at one tenant. */
    public static final String TYPE = "deploy";

    private static final Logger log = LoggerFactory.getLogger(TenantDeploy.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final int PROGRESS_DONE = 100;

    private final StateStore store;
    private final Journal journal;
    private final HostAccess access;
    private final LoginSafe logins;
    private final VersionScripts scripts;
    private final DeploymentSettings settings;
    private final Events events;
    private final InstantSource clock;
    private final Semaphore turns;
    private volatile boolean stopping;

    public TenantDeploy(
            StateStore store,
            Journal journal,
            HostAccess access,
            LoginSafe logins,
            VersionScripts scripts,
            DeploymentSettings settings,
            Events events,
            InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.access = access;
        this.logins = logins;
        this.scripts = scripts;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
        this.turns = new Semaphore(settings.parallelism(), true);
    }

    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    /** The row was taken back before it was begun. */
    private static final class TakenBack extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TakenBack() {
            super(null, null, false, false);
        }
    }

    /** Blocks until the tenant has had its turn, or the process is to stop. */
    void serve(DeploymentRows.Row deployment, DeploymentRows.Result result) throws InterruptedException {
        long deadline = System.nanoTime() + settings.busyPatience().toNanos();
        while (!stopping && !served(deployment, result, System.nanoTime() - deadline > 0)) {
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /** @return whether it is over; otherwise another operation of the tenant is in the way */
    private boolean served(DeploymentRows.Row deployment, DeploymentRows.Result result, boolean lastLook)
            throws InterruptedException {
        turns.acquire();
        try {
            String operation =
                    result.state().equals(DeploymentRows.RUNNING) ? result.operationId() : begin(deployment, result);
            apply(deployment, result, operation);
            return true;
        } catch (TakenBack _) {
            return true;
        } catch (DuplicateRow _) {
            return false;
        } catch (ControlException e) {
            boolean busy = e.code() == ErrorCode.CONFLICT && e.operationId().isPresent();
            if (busy && !lastLook) {
                return false;
            }
            if (e.code() == ErrorCode.UNAVAILABLE) {
                throw e;
            }
            store.write(tables -> {
                tables.deployments()
                        .end(
                                deployment.id(),
                                result.ordinal(),
                                DeploymentResult.Status.SKIPPED.word(),
                                e.sentence(),
                                now());
                return deployment;
            });
            tell(deployment, result, DeploymentResult.Status.SKIPPED);
            return true;
        } finally {
            turns.release();
        }
    }

    private static Journal.Subject subject(DeploymentRows.Row deployment, DeploymentRows.Result result) {
        return new Journal.Subject(TYPE, deployment.project(), result.tenant(), deployment.blueprint());
    }

    private String begin(DeploymentRows.Row deployment, DeploymentRows.Result result) {
        return journal.begin(subject(deployment, result), (tables, operation) -> {
            TenantRows.Database database = required(tables, deployment, result);
            checkServed(result.tenant(), TenantStatus.parse(database.status()));
            if (!tables.deployments().begin(deployment.id(), result.ordinal(), operation, database.version(), now())) {
                throw new TakenBack();
            }
        });
    }

    private static TenantRows.Database required(
            Tables tables, DeploymentRows.Row deployment, DeploymentRows.Result result) {
        return tables.tenants()
                .database(deployment.project(), result.tenant(), deployment.blueprint())
                .orElseThrow(() -> ControlException.notFound("Tenant not found: " + result.tenant()));
    }

    private static void checkServed(String tenant, TenantStatus status) {
        switch (status) {
            case READY, SUSPENDED -> {}
            case DELETED ->
                throw ControlException.conflict(
                        "Tenant '" + tenant + "' is in trash. Deploy to it again when it is restored");
            case SYNCING, MIGRATING, RECOVERING, RESTORING, PROVISIONING, FAILED ->
                throw ControlException.conflict(
                        "Tenant '" + tenant + "' is " + status.word() + ". Deploy to it again when it is ready");
        }
    }

    private void apply(DeploymentRows.Row deployment, DeploymentRows.Result result, String operation) {
        TenantRows.Database database = store.read(tables -> required(tables, deployment, result));
        int reached = database.version();
        try {
            DatabaseName name = new DatabaseName(deployment.blueprint(), result.tenant());
            RouteRows.Row route = store.read(tables -> tables.routes().find(deployment.project(), name))
                    .orElseThrow(() -> new IllegalStateException("no route to " + name));
            EngineAdapter engine = access.engine(route.key().engine());
            AdminAccess admin = access.admin(route.place());
            BackendLogin owner = owner(route);
            for (VersionScript version : missing(deployment, route, database.version())) {
                record(operation, deployment, result, version.version(), reached);
                engine.apply(admin, route.database(), owner, List.of(version), settings.apply());
                reached = version.version();
            }
            end(deployment, result, operation, reached, Optional.empty());
        } catch (RuntimeException e) {
            if (e instanceof ControlException refusal && refusal.code() == ErrorCode.UNAVAILABLE) {
                throw e; // Nothing can be written down now.
            }
            fail(deployment, result, operation, reached, e);
        }
    }

    private void fail(
            DeploymentRows.Row deployment,
            DeploymentRows.Result result,
            String operation,
            int reached,
            RuntimeException fault) {
        if (stopping) {
            return; // It may be the stop that it failed by; the next start tries again.
        }
        String sentence = "an internal error, which is in the log";
        if (fault instanceof EngineException refusal) {
            sentence = refusal.sentence();
        } else {
            log.atError()
                    .addKeyValue("deployment", deployment.id())
                    .addKeyValue("tenant", result.tenant())
                    .setCause(fault)
                    .log("a tenant could not be deployed to");
        }
        end(deployment, result, operation, reached, Optional.of(sentence));
    }

    private List<VersionScript> missing(DeploymentRows.Row deployment, RouteRows.Row route, int from) {
        return store.read(tables -> scripts.between(
                tables, deployment.project(), deployment.blueprint(), route.database(), from, deployment.version()));
    }

    private BackendLogin owner(RouteRows.Row route) {
        List<LoginRows.Row> rows = store.read(
                tables -> tables.logins().of(route.key().project(), route.key().database(), route.loginEpoch()));
        return rows.stream()
                .filter(row -> row.role() == Role.ADMIN)
                .findFirst()
                .map(row -> logins.open(row).login())
                .orElseThrow();
    }

    private void record(
            String operation, DeploymentRows.Row deployment, DeploymentRows.Result result, int next, int reached) {
        int progress = PROGRESS_DONE * (next - 1) / deployment.version();
        journal.step(
                operation,
                "apply version " + next,
                progress,
                tables -> tables.tenants()
                        .version(deployment.project(), result.tenant(), deployment.blueprint(), reached));
    }

    private void end(
            DeploymentRows.Row deployment,
            DeploymentRows.Result result,
            String operation,
            int reached,
            Optional<String> fault) {
        DeploymentResult.Status status =
                fault.isEmpty() ? DeploymentResult.Status.COMPLETED : DeploymentResult.Status.FAILED;
        journal.finish(
                operation,
                subject(deployment, result),
                fault.isEmpty() ? OperationState.SUCCEEDED : OperationState.FAILED,
                fault.orElse(""),
                tables -> {
                    tables.tenants().version(deployment.project(), result.tenant(), deployment.blueprint(), reached);
                    tables.deployments().end(deployment.id(), result.ordinal(), status.word(), fault.orElse(""), now());
                });
        tell(deployment, result, status);
    }

    private long now() {
        return clock.millis();
    }

    private void tell(DeploymentRows.Row deployment, DeploymentRows.Result result, DeploymentResult.Status status) {
        events.publish(
                "deployment",
                deployment.project().value(),
                result.tenant(),
                Map.of(
                        "deployment_id", deployment.id(),
                        "blueprint", deployment.blueprint(),
                        "version", deployment.version(),
                        "status", status.word()));
    }
}
