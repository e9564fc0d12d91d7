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
import dev.tdb.proxy.route.Engine;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What there is to try: a project, a blueprint {@code shop} with tables and rows, two tenants made from it. Whatever is
 * there already stays, so a start that was cut short is completed by the next one.
 */
final class Demo {
    static final String BLUEPRINT = "shop";
    static final List<String> TENANTS = List.of("acme", "globex");
    private static final String PROJECT = "demo";

    private static final List<String> STATEMENTS = List.of("""
        CREATE TABLE customers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL,
            email text NOT NULL UNIQUE
        )\
        """, """
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL,
            price_cents bigint NOT NULL CHECK (price_cents >= 0)
        )\
        """, """
        CREATE TABLE orders (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_id bigint NOT NULL REFERENCES customers,
            product_id bigint NOT NULL REFERENCES products,
            quantity int NOT NULL CHECK (quantity > 0),
            ordered_at timestamptz NOT NULL DEFAULT now()
        )\
        """, """
        INSERT INTO customers (name, email) VALUES
            ('Ada', 'ada@example.com'), ('Grace', 'grace@example.com'), ('Edsger', 'edsger@example.com')\
        """, """
        INSERT INTO products (name, price_cents) VALUES
            ('teapot', 2900), ('cup', 900), ('sugar bowl', 1400), ('spoon', 300)\
        """, """
        INSERT INTO orders (customer_id, product_id, quantity)
        SELECT 1 + n % 3, 1 + n % 4, 1 + n % 5 FROM generate_series(1, 20) AS n\
        """);

    private final ControlPlane control;
    private final DevCredentials credentials;
    private final Consumer<String> progress;

    Demo(ControlPlane control, DevCredentials credentials, Consumer<String> progress) {
        this.control = control;
        this.credentials = credentials;
        this.progress = progress;
    }

    /** The passwords of one tenant. */
    record Access(String tenant, Secret write, Secret admin) {}

    /** What was made, or found. */
    record Made(Secret operatorKey, ProjectId project, List<Access> tenants) {}

    Made make() {
        Secret operatorKey = credentials.keptOr("operator", () -> control.keys().rotateOperator(Duration.ZERO));
        ProjectId project = project();
        control.projects().makeDefault(project);
        blueprint(project);
        return new Made(
                operatorKey,
                project,
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

    private void blueprint(ProjectId project) {
        boolean there = control.blueprints().list(project).stream()
                .anyMatch(blueprint -> blueprint.name().equals(BLUEPRINT));
        if (!there) {
            control.blueprints().create(project, BLUEPRINT, Engine.POSTGRES);
        }
        if (control.blueprints().get(project, BLUEPRINT).currentVersion() == 0) {
            progress.accept("making blueprint " + BLUEPRINT);
            control.blueprints().addVersion(project, BLUEPRINT, STATEMENTS);
        }
    }

    private Access tenant(ProjectId project, String tenant) {
        boolean there = control.tenants().list(project, Integer.MAX_VALUE, 0).stream()
                .map(Tenant::id)
                .anyMatch(tenant::equals);
        if (!there) {
            progress.accept("making tenant " + tenant);
            NewTenant wanted = new NewTenant(tenant, List.of(new NewDatabase(BLUEPRINT, 1, "")));
            credentials.keep(
                    tenant + ".write", control.tenants().create(project, wanted).password());
        }
        return new Access(
                tenant,
                credentials.keptOr(tenant + ".write", () -> password(project, tenant, Role.WRITE)),
                credentials.keptOr(tenant + ".admin", () -> password(project, tenant, Role.ADMIN)));
    }

    private Secret password(ProjectId project, String tenant, Role role) {
        Keys keys = control.keys();
        KeySpec spec = new KeySpec("dev " + tenant + " " + role.word(), role, KeyScope.tenant(tenant));
        return keys.create(project, spec).proxyPassword().orElseThrow();
    }
}
