package dev.tdb.it;

import dev.tdb.admin.http.HttpSettings;
import dev.tdb.app.Assembly;
import dev.tdb.app.Protocols;
import dev.tdb.app.config.HostAndPort;
import dev.tdb.app.config.ServeConfig;
import dev.tdb.control.cutover.FlipRequest;
import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.control.deployment.DeploymentSettings;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.key.CreatedKey;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.ControlSettings;
import dev.tdb.control.querylog.QueryLogSettings;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.CreatedTenant;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.PublicEndpoint;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.control.tenant.Suspension;
import dev.tdb.local.Login;
import dev.tdb.local.MySqlServer;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The whole program in this JVM, with one project and one blueprint: proxy, control plane and API on free ports. */
final class Installation implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String BLUEPRINT = "it";
    private static final int CLIENTS_MAX = 400;

    private final Assembly assembly;
    private final ControlPlane control;
    private final ProjectId project;
    private final Secret operatorKey;

    private Installation(Assembly assembly) {
        this.assembly = assembly;
        this.control = assembly.control();
        this.operatorKey = control.keys().rotateOperator(Duration.ZERO);
        this.project = control.projects().create("integration tests").project().id();
    }

    /** Of PostgreSQL, with {@code statements} that make a tenant's tables. */
    static Installation start(Path state, List<String> statements) throws IOException {
        return start(state, Engine.POSTGRES, "", statements);
    }

    /** The same, with its control database elsewhere. */
    static Installation start(StoreSettings store, Path state, List<String> statements) throws IOException {
        return start(store, state, Engine.POSTGRES, "", statements);
    }

    /** @param serverVersion that clients are told, in the MySQL family */
    static Installation start(Path state, Engine engine, String serverVersion, List<String> statements)
            throws IOException {
        return start(StoreSettings.sqlite(state.resolve("control.db")), state, engine, serverVersion, statements);
    }

    private static Installation start(
            StoreSettings store, Path state, Engine engine, String serverVersion, List<String> statements)
            throws IOException {
        ServeConfig.ListenerSettings listener = new ServeConfig.ListenerSettings(
                engine,
                new HostAndPort(LOOPBACK, 0),
                new PublicEndpoint(LOOPBACK, 0, false),
                serverVersion,
                Optional.empty(),
                TlsFiles.Plaintext.LOOPBACK,
                false,
                CLIENTS_MAX,
                List.of());
        ServeConfig config = new ServeConfig(
                store,
                state.resolve("keys"),
                ControlSettings.TRASH_KEPT,
                QueryLogSettings.in(state.resolve("querylog")),
                DeploymentSettings.standard(),
                1 << 14,
                HttpSettings.on(LOOPBACK, 0),
                DataPath.config(),
                List.of(listener),
                Duration.ofSeconds(2));
        Installation installation = new Installation(Assembly.start(config, new Protocols()));
        installation.control.blueprints().create(installation.project, BLUEPRINT, engine);
        installation.control.blueprints().addVersion(installation.project, BLUEPRINT, statements);
        return installation;
    }

    /** Registers a server by one of its addresses. */
    void host(String id, String host, PostgresServer server) {
        host(id, Engine.POSTGRES, new ServerAddress(host, server.port()), ServerTls.disabled(), server.superuser());
    }

    void host(String id, String host, MySqlServer server) {
        host(id, host, server, ServerTls.disabled());
    }

    void host(String id, String host, MySqlServer server, ServerTls tls) {
        host(id, Engine.MYSQL, new ServerAddress(host, server.port()), tls, server.superuser());
    }

    private void host(String id, Engine engine, ServerAddress address, ServerTls tls, Login admin) {
        control.hosts()
                .register(new HostSpec(
                        id, engine, address, tls, "local", 1, 100, admin.user(), Secret.of(admin.password())));
    }

    /** Makes a tenant on the host that has most room, and returns how its application connects. */
    Endpoint tenant(String id) {
        CreatedTenant created = control.tenants()
                .create(project, new NewTenant(id, List.of(new NewTenant.NewDatabase(BLUEPRINT, 1, ""))));
        return endpoint(id, created.password());
    }

    /** How a client connects with a key of this role, made for it. */
    Endpoint tenant(String id, Role role) {
        CreatedKey key = control.keys().create(project, new KeySpec(role.word(), role, KeyScope.tenant(id)));
        return door(id, key);
    }

    /** How a client connects with a key. */
    Endpoint door(String tenant, CreatedKey key) {
        return endpoint(tenant, key.proxyPassword().orElseThrow());
    }

    private Endpoint endpoint(String id, Secret password) {
        ServeConfig.ListenerSettings listener = assembly.config().listeners().getFirst();
        return new Endpoint(
                listener.engine() == Engine.MYSQL ? Endpoint.MARIADB : "postgresql",
                LOOPBACK,
                listener.address().port(),
                project.value(),
                password.reveal(),
                database(id));
    }

    ControlPlane control() {
        return control;
    }

    /** Removes a tenant for good. */
    void remove(String id) {
        control.tenants().delete(project, id, true);
    }

    static String database(String tenant) {
        return BLUEPRINT + "__" + tenant;
    }

    FlipResult flip(String tenant, ServerAddress to, Duration drainTimeout, OnDeadline onDeadline) {
        return control.routes()
                .flip(project, database(tenant), new FlipRequest(to, drainTimeout, onDeadline, false, false));
    }

    FlipResult tryFlip(String tenant, ServerAddress to) {
        return control.routes()
                .flip(
                        project,
                        database(tenant),
                        new FlipRequest(to, Duration.ofSeconds(10), OnDeadline.ABORT, true, false));
    }

    /** A flip from a server that is gone for good. */
    FlipResult force(String tenant, ServerAddress to) {
        return control.routes()
                .flip(
                        project,
                        database(tenant),
                        new FlipRequest(to, Duration.ofSeconds(10), OnDeadline.ABORT, false, true));
    }

    /** Where the tenant's database is, as the control plane has it. */
    ServerAddress server(String tenant) {
        return control.routes().get(project, database(tenant)).address();
    }

    /** Holds a tenant, and waits until nothing of it is in flight. */
    Suspension suspend(String tenant, Duration patience) {
        return control.tenants().suspend(project, tenant, new SuspendTerms(patience, true, Duration.ofSeconds(30)));
    }

    Suspension resume(String tenant) {
        return control.tenants().resume(project, tenant);
    }

    /** The API's address. */
    HostAndPort api() {
        return assembly.apiAddress();
    }

    Secret operatorKey() {
        return operatorKey;
    }

    ProjectId project() {
        return project;
    }

    @Override
    public void close() {
        assembly.close();
    }
}
