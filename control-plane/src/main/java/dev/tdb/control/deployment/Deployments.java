package dev.tdb.control.deployment;

import dev.tdb.control.ControlException;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.BlueprintRows;
import dev.tdb.control.store.DeploymentRows;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.OperationRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Brings versions of blueprints to tenants: one deployment of a blueprint at a time, on threads of its own, and gone on
 * with after a restart until every tenant has had its turn.
 */
public final class Deployments implements AutoCloseable {
    /** The operation that a deployment is. */
    public static final String TYPE = "deployment";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final StateStore store;
    private final Journal journal;
    private final HostAccess access;
    private final TenantDeploy tenants;
    private final int parallelism;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public Deployments(
            StateStore store,
            Journal journal,
            HostAccess access,
            TenantDeploy tenants,
            DeploymentSettings settings,
            InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.access = access;
        this.tenants = tenants;
        this.parallelism = settings.parallelism();
        this.clock = clock;
    }

    /** Begins one and answers at once; it goes on by itself. */
    public Deployment create(ProjectId project, NewDeployment wanted) {
        String id = Tokens.id("dep_");
        try {
            journal.begin(subject(project, wanted.blueprint()), (tables, operation) -> {
                refuseSecond(tables, project, wanted.blueprint());
                int version = version(tables, project, wanted);
                DeploymentRows.Row row = new DeploymentRows.Row(
                        id,
                        project,
                        wanted.blueprint(),
                        version,
                        DeploymentRows.IN_PROGRESS,
                        operation,
                        DeploymentRows.Counts.none(),
                        clock.millis(),
                        null);
                tables.deployments().insert(row, List.copyOf(chosen(tables, project, wanted)));
            });
        } catch (DuplicateRow e) {
            store.write(tables -> {
                refuseSecond(tables, project, wanted.blueprint());
                return id;
            });
            throw e;
        }
        Deployment begun = get(project, id);
        start(id);
        return begun;
    }

    private static Journal.Subject subject(ProjectId project, String blueprint) {
        return new Journal.Subject(TYPE, project, "", blueprint);
    }

    private static void refuseSecond(Tables tables, ProjectId project, String blueprint) {
        tables.deployments().findInProgress(project, blueprint).ifPresent(other -> {
            throw ControlException.conflict(
                    "Blueprint '" + blueprint + "' is being deployed: " + other.id() + ", "
                            + other.counts().ended() + " of " + other.counts().total()
                            + " tenants. Wait until it has ended, or cancel " + other.operationId(),
                    other.operationId());
        });
    }

    private int version(Tables tables, ProjectId project, NewDeployment wanted) {
        BlueprintRows.Row blueprint = tables.blueprints()
                .find(project, wanted.blueprint())
                .orElseThrow(() -> ControlException.notFound("Blueprint not found: " + wanted.blueprint()));
        access.engine(blueprint.engine());
        int newest = blueprint.currentVersion();
        if (newest == 0) {
            throw ControlException.conflict("Blueprint '" + blueprint.name() + "' has no version. Add one with POST"
                    + " /blueprints/" + blueprint.name() + "/versions");
        }
        int version = wanted.version().orElse(newest);
        if (!tables.blueprints().hasVersion(project, wanted.blueprint(), version)) {
            throw ControlException.badRequest("version " + version + " of blueprint '" + blueprint.name()
                    + "' does not exist, the newest is " + newest);
        }
        return version;
    }

    private static Set<String> chosen(Tables tables, ProjectId project, NewDeployment wanted) {
        if (wanted.tenants().isEmpty()) {
            return new LinkedHashSet<>(tables.tenants().keptWithBlueprint(project, wanted.blueprint()));
        }
        Set<String> having = Set.copyOf(tables.tenants().withBlueprint(project, wanted.blueprint()));
        for (String tenant : wanted.tenants()) {
            if (tables.tenants().find(project, tenant).isEmpty()) {
                throw ControlException.notFound("Tenant not found: " + tenant);
            }
            if (!having.contains(tenant)) {
                throw ControlException.badRequest(
                        "tenant '" + tenant + "' has no database of blueprint '" + wanted.blueprint() + "'");
            }
        }
        return new LinkedHashSet<>(wanted.tenants());
    }

    private void start(String id) {
        threads.execute(new DeploymentRun(store, journal, tenants, parallelism, clock, id));
    }

    /** Takes up what an earlier process has left. */
    public void resume() {
        store.read(tables -> tables.deployments().inProgress()).forEach(row -> start(row.id()));
    }

    /** Newest first. */
    public List<Deployment> list(ProjectId project, int limit, int offset) {
        return store.read(tables -> tables.deployments().list(project, limit, offset)).stream()
                .map(Deployment::of)
                .toList();
    }

    /** Throws {@code not_found} when the project has none of that id. */
    public Deployment get(ProjectId project, String id) {
        return store.read(tables -> tables.deployments().find(id))
                .filter(row -> row.project().equals(project))
                .map(Deployment::of)
                .orElseThrow(() -> ControlException.notFound("Deployment not found: " + id));
    }

    /** In the order of their turns. */
    public List<DeploymentResult> results(Deployment deployment, int limit, int offset) {
        return store.read(tables -> tables.deployments().results(deployment.id(), limit, offset)).stream()
                .map(DeploymentResult::of)
                .toList();
    }

    /** What deployments did at one tenant, newest first. */
    public List<AppliedDeployment> ofTenant(ProjectId project, String tenant, int limit, int offset) {
        return store.read(tables -> {
            TenantRows.Row row = tables.tenants()
                    .find(project, tenant)
                    .orElseThrow(() -> ControlException.notFound("Tenant not found: " + tenant));
            return tables.deployments().ofTenant(project, tenant, row.createdAt(), limit, offset).stream()
                    .map(applied -> new AppliedDeployment(
                            Deployment.of(applied.deployment()), DeploymentResult.of(applied.result())))
                    .toList();
        });
    }

    /**
     * Takes back what a deployment has not begun; tenants whose turn it is are finished.
     *
     * @param operation that the deployment is
     */
    public Deployment cancel(ProjectId project, String operation) {
        OperationRows.Row row = store.read(tables -> tables.operations().find(operation))
                .filter(known -> known.project().equals(project))
                .orElseThrow(() -> ControlException.notFound("Operation not found: " + operation));
        if (OperationState.parse(row.state()) != OperationState.RUNNING) {
            throw ControlException.conflict("Operation '" + operation + "' has ended: it is " + row.state());
        }
        if (!row.type().equals(TYPE)) {
            throw ControlException.conflict("Operation '" + operation + "' is a " + row.type()
                    + ", which cannot be cancelled: it ends by itself. Only deployments can be");
        }
        String id = store.write(tables -> {
            String found = tables.deployments()
                    .findByOperation(operation)
                    .orElseThrow()
                    .id();
            tables.deployments().cancel(found, clock.millis());
            return found;
        });
        return get(project, id);
    }

    /** Lets tenants whose turn it is finish for a moment; what is not finished then is taken up at the next start. */
    @Override
    public void close() {
        tenants.stop();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                threads.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
