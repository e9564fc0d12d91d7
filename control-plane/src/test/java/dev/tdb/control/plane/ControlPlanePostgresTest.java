package dev.tdb.control.plane;

import static dev.tdb.control.LocalPostgres.ask;
import static dev.tdb.control.LocalPostgres.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.FakeDataPath;
import dev.tdb.control.LocalPostgres;
import dev.tdb.control.cutover.FlipRequest;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.control.key.CreatedKey;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.key.Principal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.postgres.PostgresAdapter;
import dev.tdb.control.tenant.CreatedTenant;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.control.tenant.TenantStatus;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole control plane on real servers, with a recording data path. */
class ControlPlanePostgresTest {
    private static final String TENANT_ROLES =
            "SELECT count(*) FROM pg_roles WHERE rolname ~ '^(t[a-z2-7]{16}|(owner|write|read)_[0-9a-f]{16})$'";

    @TempDir
    static Path servers;

    private static PostgresServer server;

    @TempDir
    Path state;

    private FakeDataPath dataPath = new FakeDataPath();
    private ControlPlane plane;
    private ProjectId project;

    @BeforeAll
    static void startServer() {
        server = LocalPostgres.start(servers.resolve("main"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        plane = ControlPlane.open(ControlSettings.in(state, Map.of()), dataPath, new QueryEvents(64));
        project = plane.projects().create("demo").project().id();
        plane.hosts().register(LocalPostgres.host("pg-1", server));
        plane.blueprints().create(project, "shop", Engine.POSTGRES);
        plane.blueprints()
                .addVersion(
                        project,
                        "shop",
                        List.of(
                                "CREATE TABLE items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)",
                                "INSERT INTO items (name) VALUES ('first')"));
    }

    @AfterEach
    void close() throws SQLException {
        plane.close();
        try (Connection admin = server.connect("postgres")) {
            LocalPostgres.removeTenants(admin);
        }
    }

    private CreatedTenant create(String tenant) {
        return plane.tenants()
                .create(project, new NewTenant(tenant, List.of(new NewTenant.NewDatabase("shop", 1, ""))));
    }

    private RouteKey key(String tenant) {
        return new RouteKey(Engine.POSTGRES, project, new DatabaseName("shop", tenant));
    }

    private BackendLogin login(String tenant, Role role) {
        return Objects.requireNonNull(
                dataPath.route(key(tenant)).target().logins().get(role));
    }

    private Connection connect(ServerAddress address, String database, BackendLogin login) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + "/" + database + "?connectTimeout=5",
                login.user(),
                login.password().reveal());
    }

    private Connection connect(String tenant, Role role) throws SQLException {
        return connect(dataPath.route(key(tenant)).target().address(), "shop__" + tenant, login(tenant, role));
    }

    @Test
    void aTenantIsReadyWithItsTablesAndItsPasswordReachesItAlone() throws SQLException {
        CreatedTenant acme = create("acme");

        assertThat(acme.tenant().status()).isEqualTo(TenantStatus.READY);
        assertThat(acme.tenant().databases().getFirst().version()).isEqualTo(1);
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Open());
        assertThat(dataPath.credentials.project(project).orElseThrow().covering("shop", "acme", Instant.now()))
                .singleElement()
                .satisfies(credential -> {
                    assertThat(credential.role()).isEqualTo(Role.WRITE);
                    assertThat(credential.scope()).isEqualTo(new Scope.Tenant("acme"));
                });
        assertThat(dataPath.credentials.project(project).orElseThrow().covering("shop", "globex", Instant.now()))
                .isEmpty();
        try (Connection connection = connect("acme", Role.WRITE)) {
            assertThat(ask(connection, "SELECT name FROM items")).isEqualTo("first");
        }
        assertThat(plane.operations().get(project, acme.operationId()).state()).isEqualTo(OperationState.SUCCEEDED);
    }

    @Test
    void eachRoleMayDoWhatItsNameSays() throws SQLException {
        create("acme");
        try (Connection admin = connect("acme", Role.ADMIN);
                Connection write = connect("acme", Role.WRITE);
                Connection read = connect("acme", Role.READ)) {
            assertThat(ask(admin, "SELECT current_user")).matches("owner_[0-9a-f]{16}");
            assertThat(ask(write, "SELECT current_user")).matches("write_[0-9a-f]{16}");
            assertThat(ask(read, "SELECT current_user")).matches("read_[0-9a-f]{16}");
            run(admin, "CREATE TABLE later (n int)", "CREATE SCHEMA more", "CREATE TABLE more.deep (n int)");
            run(write, "INSERT INTO items (name) VALUES ('x')", "INSERT INTO later VALUES (1)");
            run(write, "INSERT INTO more.deep VALUES (1)", "RESET ROLE", "CREATE TEMPORARY TABLE mine (n int)");
            assertThat(ask(write, "SELECT current_user")).startsWith("write_");
            assertThat(ask(read, "SELECT count(*) FROM later")).isEqualTo("1");
            assertThat(ask(read, "SELECT count(*) FROM more.deep")).isEqualTo("1");
            assertThatThrownBy(() -> run(read, "INSERT INTO later VALUES (2)"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> run(write, "CREATE TABLE public.no (n int)"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> run(write, "DROP TABLE items")).hasMessageContaining("must be owner");
        }
    }

    @Test
    void aTenantsLoginEntersNoOtherDatabase() {
        create("acme");
        create("globex");
        for (Role role : Role.values()) {
            assertThatThrownBy(() -> connect(LocalPostgres.address(server), "shop__globex", login("acme", role)))
                    .hasMessageContaining("permission denied for database");
        }
    }

    @Test
    void whatALoginDoesToItselfIsPutBack() throws SQLException {
        create("acme");
        create("globex");
        BackendLogin changed = login("acme", Role.READ);
        try (Connection session = connect("acme", Role.READ)) {
            run(
                    session,
                    "SET ROLE NONE",
                    "ALTER ROLE CURRENT_USER SET search_path = 'nowhere'",
                    "ALTER ROLE CURRENT_USER IN DATABASE shop__acme RESET role",
                    "ALTER ROLE CURRENT_USER IN DATABASE shop__globex SET work_mem = '1MB'",
                    "ALTER ROLE CURRENT_USER PASSWORD 'known'");
        }
        assertThatThrownBy(() -> connect("acme", Role.READ)).hasMessageContaining("password authentication failed");

        assertThat(plane.mendLogins()).containsExactly(changed.user());

        try (Connection session = connect("acme", Role.READ)) {
            assertThat(ask(session, "SELECT current_user")).startsWith("read_");
            assertThat(ask(session, "SELECT count(*) FROM items")).isEqualTo("1");
        }
        assertThat(plane.mendLogins()).isEmpty();
    }

    @Test
    void aLoginThatIsShutOutIsNotLetInByMendingIt() throws SQLException {
        create("acme");
        BackendLogin shutOut = login("acme", Role.WRITE);
        try (Connection admin = server.connect("postgres")) {
            run(admin, "ALTER ROLE " + shutOut.user() + " NOLOGIN PASSWORD 'known'");

            assertThat(plane.mendLogins()).containsExactly(shutOut.user());

            assertThat(ask(admin, "SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + shutOut.user() + "'"))
                    .isEqualTo("f");
        }
    }

    @Test
    void rightsThatANeighbourGrantsKeepNoRoleFromBeingRemoved() throws SQLException {
        create("acme");
        create("globex");
        String owner;
        try (Connection victim = connect("acme", Role.ADMIN)) {
            owner = ask(victim, "SELECT current_user");
        }
        try (Connection neighbour = connect("globex", Role.ADMIN)) {
            for (String role : List.of(owner, login("acme", Role.READ).user())) {
                run(
                        neighbour,
                        "GRANT SELECT ON items TO " + role,
                        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO " + role,
                        "CREATE POLICY p_" + role + " ON items TO " + role);
            }
        }

        plane.tenants().delete(project, "acme", true);

        try (Connection admin = server.connect("postgres")) {
            assertThat(ask(admin, "SELECT count(*) FROM pg_roles WHERE rolname ~ '^(owner|write|read)_'"))
                    .isEqualTo("3");
            assertThat(ask(admin, "SELECT count(*) FROM pg_roles WHERE rolname ~ '^t[a-z2-7]{16}$'"))
                    .isEqualTo("3");
        }
    }

    @Test
    void whatANeighbourKeepsLockedLeavesARoleBehindAndNoOperationUndone() throws SQLException {
        create("acme");
        create("globex");
        String owner;
        try (Connection victim = connect("acme", Role.ADMIN)) {
            owner = ask(victim, "SELECT current_user");
        }
        try (Connection neighbour = connect("globex", Role.ADMIN)) {
            run(neighbour, "GRANT SELECT ON items TO " + owner);
            neighbour.setAutoCommit(false);
            run(neighbour, "ALTER TABLE items SET (fillfactor = 90)");

            plane.tenants().delete(project, "acme", true);

            assertThat(plane.tenants().list(project, 10, 0))
                    .extracting(tenant -> tenant.id())
                    .containsExactly("globex");
        }
    }

    @Test
    void aTenantWhoseBlueprintFailsLeavesNothing() throws SQLException {
        plane.blueprints().addVersion(project, "shop", List.of("CREATE TABLE good (n int)", "CREATE TABLE bad ("));

        assertThatThrownBy(() -> create("acme")).isInstanceOfSatisfying(ControlException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(e.sentence()).contains("statement 2 of version 2");
            assertThat(plane.operations()
                            .get(project, e.operationId().orElseThrow())
                            .state())
                    .isEqualTo(OperationState.ABORTED);
        });

        assertThat(plane.tenants().list(project, 10, 0)).isEmpty();
        try (Connection admin = server.connect("postgres")) {
            assertThat(ask(admin, "SELECT count(*) FROM pg_database WHERE datname LIKE 'shop%'"))
                    .isEqualTo("0");
            assertThat(ask(admin, TENANT_ROLES)).isEqualTo("0");
        }
    }

    @Test
    void aDatabaseThatTdbDidNotMakeIsLeftAlone() throws SQLException {
        try (Connection admin = server.connect("postgres")) {
            run(admin, "CREATE DATABASE shop__acme");
            try {
                assertThatThrownBy(() -> create("acme")).hasMessageContaining("that tdb did not make");
                assertThat(ask(admin, "SELECT count(*) FROM pg_database WHERE datname = 'shop__acme'"))
                        .isEqualTo("1");
            } finally {
                run(admin, "DROP DATABASE shop__acme");
            }
        }
    }

    @Test
    void aTenantIsSuspendedAndResumed() {
        create("acme");

        var suspension = plane.tenants()
                .suspend(project, "acme", new SuspendTerms(Duration.ofSeconds(3), true, Duration.ofSeconds(1)));

        assertThat(suspension.drained()).isTrue();
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Suspended(Duration.ofSeconds(3)));
        assertThat(plane.tenants().get(project, "acme").status()).isEqualTo(TenantStatus.SUSPENDED);
        assertThatThrownBy(() -> plane.tenants().suspend(project, "acme", SuspendTerms.standard()))
                .hasMessageContaining("is suspended");
        plane.tenants().resume(project, "acme");
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Open());
        assertThat(plane.tenants().get(project, "acme").status()).isEqualTo(TenantStatus.READY);
        assertThat(dataPath.standing).hasValue(0);
    }

    @Test
    void aTenantGoesToTheTrashAndComesBackOrIsGone() throws SQLException {
        create("acme");
        plane.tenants().suspend(project, "acme", SuspendTerms.standard());

        plane.tenants().delete(project, "acme", false);

        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Deleted());
        assertThatThrownBy(() -> create("acme")).hasMessageContaining("is in trash");
        assertThat(plane.tenants().restore(project, "acme").tenant().status()).isEqualTo(TenantStatus.SUSPENDED);
        assertThat(dataPath.route(key("acme")).state()).isInstanceOf(RouteState.Suspended.class);
        plane.tenants().delete(project, "acme", true);
        assertThat(dataPath.table.find(key("acme"))).isEmpty();
        assertThat(dataPath.credentials.project(project).orElseThrow().credentials())
                .isEmpty();
        try (Connection admin = server.connect("postgres")) {
            assertThat(ask(admin, TENANT_ROLES)).isEqualTo("0");
        }
    }

    @Test
    void aFlipToTheSameServerByAnotherAddressKeepsTheLogins() throws SQLException {
        create("acme");
        Route before = dataPath.route(key("acme"));
        ServerAddress other = new ServerAddress("localhost", server.port());
        dataPath.asked.clear();

        FlipResult result = plane.routes().flip(project, "shop__acme", FlipRequest.to(other));

        Route after = dataPath.route(key("acme"));
        assertThat(result.sameServer()).isTrue();
        assertThat(result.epoch()).isEqualTo(2);
        assertThat(after.epoch()).isEqualTo(2);
        assertThat(after.target().address()).isEqualTo(other);
        assertThat(after.target().logins()).isEqualTo(before.target().logins());
        assertThat(dataPath.asked)
                .containsExactly(
                        "survey", "prepare", "hold", "publish", "switched to localhost:" + server.port(), "release");
        assertThat(result.steps())
                .extracting(FlipResult.StepTime::step)
                .containsExactly("guard", "prepare", "hold", "drain", "decide", "switch", "release", "finish");
        try (Connection connection = connect("acme", Role.READ)) {
            assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo("1");
        }
        assertThatThrownBy(() -> plane.routes().flip(project, "shop__acme", FlipRequest.to(other)))
                .hasMessageContaining("leads to localhost:" + server.port() + " already");
    }

    @Test
    void aDryRunChangesNothing() {
        create("acme");
        dataPath.asked.clear();
        FlipRequest request = new FlipRequest(
                new ServerAddress("localhost", server.port()),
                Duration.ofSeconds(1),
                FlipRequest.OnDeadline.ABORT,
                true,
                false);

        FlipResult result = plane.routes().flip(project, "shop__acme", request);

        assertThat(result.dryRun()).isTrue();
        assertThat(result.sameServer()).isTrue();
        assertThat(dataPath.asked).containsExactly("survey");
        assertThat(plane.routes().get(project, "shop__acme").epoch()).isEqualTo(1);
    }

    @Test
    void aPromotedReplicaTakesOverAndTheOldServerIsFenced(@TempDir Path folder) throws SQLException {
        create("acme");
        BackendLogin old = login("acme", Role.WRITE);
        try (PostgresServer standby = LocalPostgres.standby(server, folder.resolve("standby"))) {
            ServerAddress target = LocalPostgres.address(standby);
            assertThatThrownBy(() -> plane.routes().flip(project, "shop__acme", FlipRequest.to(target)))
                    .hasMessageContaining("Promote it first");
            String user;
            try (Connection connection = connect("acme", Role.WRITE)) {
                user = ask(connection, "SELECT current_user");
                run(connection, "INSERT INTO items (name) VALUES ('last')");
            }
            plane.tenants().suspend(project, "acme", SuspendTerms.standard());
            awaitRows(standby, 2);
            standby.promote();
            try (Connection straggler = connect("acme", Role.WRITE)) {
                FlipResult result = plane.routes().flip(project, "shop__acme", FlipRequest.to(target));

                assertThat(result.sameServer()).isFalse();
                assertThat(result.warnings()).isEmpty();
                assertThatThrownBy(() -> run(straggler, "INSERT INTO items (name) VALUES ('lost')"))
                        .isInstanceOf(SQLException.class);
            }
            plane.tenants().resume(project, "acme");
            assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Open());
            assertThatThrownBy(() -> connect(LocalPostgres.address(server), "shop__acme", old))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connect(target, "shop__acme", old)).isInstanceOf(SQLException.class);
            try (Connection connection = connect("acme", Role.WRITE)) {
                assertThat(ask(connection, "SELECT current_user")).isEqualTo(user);
                assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo("2");
                run(connection, "INSERT INTO items (name) VALUES ('after')");
            }
            // And back again: the fence of the first server is lifted for the logins of the new epoch alone.
            FlipResult back = plane.routes().flip(project, "shop__acme", FlipRequest.to(LocalPostgres.address(server)));
            assertThat(back.epoch()).isEqualTo(3);
            try (Connection connection = connect("acme", Role.WRITE)) {
                assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo("2");
            }
        }
    }

    private void awaitRows(PostgresServer standby, int rows) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
            try (Connection connection = standby.connect("shop__acme")) {
                assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo(String.valueOf(rows));
            }
        });
    }

    @Test
    void aServerThatIsGoneIsLeftOnlyByForce(@TempDir Path folder) throws SQLException {
        create("acme");
        try (PostgresServer standby = LocalPostgres.standby(server, folder.resolve("standby"));
                PostgresServer next = LocalPostgres.standby(server, folder.resolve("next"))) {
            awaitRows(standby, 1);
            awaitRows(next, 1);
            standby.promote();
            next.promote();
            ServerAddress first = LocalPostgres.address(standby);
            plane.hosts().register(LocalPostgres.host("pg-2", standby));
            plane.routes().flip(project, "shop__acme", FlipRequest.to(first));
            assertThat(plane.routes().get(project, "shop__acme").hostId()).isEqualTo("pg-2");
            standby.kill();
            ServerAddress target = LocalPostgres.address(next);
            assertThatThrownBy(() -> plane.routes().flip(project, "shop__acme", FlipRequest.to(target)))
                    .hasMessageContaining("cannot be fenced");

            FlipResult result = plane.routes()
                    .flip(
                            project,
                            "shop__acme",
                            new FlipRequest(target, Duration.ofSeconds(1), FlipRequest.OnDeadline.ABORT, false, true));

            assertThat(result.epoch()).isEqualTo(3);
            assertThat(result.warnings()).anyMatch(warning -> warning.contains("cannot be fenced"));
            try (Connection connection = connect("acme", Role.WRITE)) {
                assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo("1");
            }
        }
    }

    @Test
    void whoIsJustComingInDoesNotGetPastTheFence() throws SQLException {
        create("acme");
        BackendLogin login = login("acme", Role.WRITE);
        try (Connection admin = server.connect("postgres")) {
            CompletableFuture<String> intruder = CompletableFuture.supplyAsync(() -> {
                try (Connection session = DriverManager.getConnection(
                        // Let in, and then listed a second later.
                        "jdbc:postgresql://" + server.host() + ":" + server.port()
                                + "/shop__acme?options=-c%20post_auth_delay%3D1",
                        login.user(),
                        login.password().reveal())) {
                    // Before the fence stands it may get an answer or two.
                    while (true) {
                        ask(session, "SELECT count(*) FROM items");
                    }
                } catch (SQLException e) {
                    return String.valueOf(e.getSQLState());
                }
            });
            await().until(() -> ask(
                            admin,
                            "SELECT count(*) FROM pg_locks WHERE locktype = 'object'"
                                    + " AND classid = 'pg_database'::regclass AND mode = 'RowExclusiveLock'"
                                    + " AND objid = (SELECT oid FROM pg_database WHERE datname = 'shop__acme')")
                    .equals("1"));

            PostgresAdapter.standard().fence(LocalPostgres.admin(server), "shop__acme", List.of(login.user()));

            assertThat(intruder.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo("57P01");
        }
    }

    @Test
    void theNextProcessPublishesTheSame() {
        create("acme");
        Route before = dataPath.route(key("acme"));
        plane.close();
        dataPath = new FakeDataPath();

        plane = ControlPlane.open(ControlSettings.in(state, Map.of()), dataPath, new QueryEvents(64));

        assertThat(dataPath.route(key("acme"))).isEqualTo(before);
        assertThat(dataPath.credentials.project(project).orElseThrow().credentials())
                .hasSize(1);
    }

    @Test
    void keysAreKnownByTheirSecretAndReachWhatTheySay() {
        create("acme");

        CreatedKey key = plane.keys().create(project, new KeySpec("ci", Role.ADMIN, KeyScope.tenant("acme")));

        assertThat(plane.keys().authenticate(key.key().reveal()))
                .isEqualTo(new Principal.Member(key.apiKey().id(), project, KeyScope.tenant("acme"), Role.ADMIN));
        assertThat(key.proxyPassword()).isPresent();
        assertThat(dataPath.credentials.project(project).orElseThrow().covering("shop", "acme", Instant.now()))
                .hasSize(2);
        CreatedKey rotated = plane.keys().rotate(project, key.apiKey().id(), Duration.ZERO);
        assertThatThrownBy(() -> plane.keys().authenticate(key.key().reveal()))
                .isInstanceOfSatisfying(
                        ControlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
        assertThat(plane.keys().authenticate(rotated.key().reveal())).isNotNull();
        plane.keys().delete(project, key.apiKey().id());
        assertThat(dataPath.credentials.project(project).orElseThrow().covering("shop", "acme", Instant.now()))
                .hasSize(1);
    }
}
