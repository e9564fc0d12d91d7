package dev.tdb.app.dev;

import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.key.Keys;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.project.Project;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.NewTenant.NewDatabase;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What there is to try: a project, a blueprint for each engine with tables and rows, two tenants with a database of each.
 * Whatever is there already stays, so a start that was cut short is completed by the next one.
 */
final class Demo {
    static final List<String> TENANTS = List.of("acme", "globex");
    private static final String PROJECT = "demo";

    private final ControlPlane control;
    private final List<DemoBlueprint> blueprints;
    private final DevCredentials credentials;
    private final Consumer<String> progress;

    /** @param blueprints of the engines that are started, one at least */
    Demo(ControlPlane control, List<DemoBlueprint> blueprints, DevCredentials credentials, Consumer<String> progress) {
        this.control = control;
        this.blueprints = List.copyOf(blueprints);
        this.credentials = credentials;
        this.progress = progress;
    }

    /** The passwords of one tenant. */
    record Access(String tenant, Secret write, Secret admin) {}

    /** What was made, or found. */
    record Made(Secret operatorKey, ProjectId project, List<DemoBlueprint> blueprints, List<Access> tenants) {}

    Made make() {
        Secret operatorKey = credentials.keptOr("operator", () -> control.keys().rotateOperator(Duration.ZERO));
        ProjectId project = project();
        control.projects().makeDefault(project);
        blueprints.forEach(blueprint -> blueprint(project, blueprint));
        return new Made(
                operatorKey,
                project,
                blueprints,
                TENANTS.stream().map(tenant -> tenant(project, tenant)).toList());
    }

    private ProjectId project() {
        return control.projects().list().stream()
                .filter(project -> project.name().equals(PROJECT))
                .map(Project::id)
                .findFirst()
                .orElseGet(() -> {
                    progress.accept("making project " + PROJECT);
                    return control.projects().create(PROJECT).project().id();
                });
    }

    private void blueprint(ProjectId project, DemoBlueprint wanted) {
        String name = wanted.name();
        boolean there = control.blueprints().list(project).stream()
                .anyMatch(blueprint -> blueprint.name().equals(name));
        if (!there) {
            control.blueprints().create(project, name, wanted.engine());
        }
        if (control.blueprints().get(project, name).currentVersion() == 0) {
            progress.accept("making blueprint " + name);
            control.blueprints().addVersion(project, name, wanted.statements());
        }
    }

    private Access tenant(ProjectId project, String tenant) {
        Optional<Tenant> there = control.tenants().list(project, Integer.MAX_VALUE, 0).stream()
                .filter(found -> found.id().equals(tenant))
                .findFirst();
        if (there.isEmpty()) {
            progress.accept("making tenant " + tenant);
            NewTenant wanted = new NewTenant(
                    tenant, blueprints.stream().map(Demo::database).toList());
            credentials.keep(
                    tenant + ".write", control.tenants().create(project, wanted).password());
        } else {
            blueprints.stream()
                    .filter(blueprint -> there.get().databases().stream()
                            .noneMatch(database -> database.name().blueprint().equals(blueprint.name())))
                    .forEach(blueprint -> {
                        progress.accept("making a " + blueprint.engine().title() + " database for tenant " + tenant);
                        control.tenants().addDatabase(project, tenant, database(blueprint));
                    });
        }
        return new Access(
                tenant,
                credentials.keptOr(tenant + ".write", () -> password(project, tenant, Role.WRITE)),
                credentials.keptOr(tenant + ".admin", () -> password(project, tenant, Role.ADMIN)));
    }

    private static NewDatabase database(DemoBlueprint blueprint) {
        return new NewDatabase(blueprint.name(), 1, "");
    }

    private Secret password(ProjectId project, String tenant, Role role) {
        Keys keys = control.keys();
        KeySpec spec = new KeySpec("dev " + tenant + " " + role.word(), role, KeyScope.tenant(tenant));
        return keys.create(project, spec).proxyPassword().orElseThrow();
    }
}
