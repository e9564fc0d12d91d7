package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.control.blueprint.Blueprints;
import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.control.deployment.Deployment;
import dev.tdb.control.deployment.DeploymentResult;
import dev.tdb.control.deployment.Deployments;
import dev.tdb.control.deployment.NewDeployment;
import dev.tdb.control.key.CreatedKey;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.query.AdminQuery;
import dev.tdb.control.querylog.LogEntry;
import dev.tdb.control.querylog.LogFilter;
import dev.tdb.control.querylog.LogStats;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.TenantDatabase;
import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The life of tenants on a server of the MySQL family. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MySqlTenantContract {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int BAD_CREDENTIALS = 1045;

    private MySqlServer server;
    private Installation installation;

    /** Skips the test where it does not run. */
    abstract MySqlServer start(Path directory);

    abstract String version();

    @BeforeAll
    void start(@TempDir Path server, @TempDir Path state) throws IOException {
        this.server = start(server);
        installation = Installation.start(
                state, Engine.MYSQL, version(), List.of("CREATE TABLE items (n INT)", "INSERT INTO items VALUES (1)"));
        installation.host("one", "127.0.0.1", this.server);
    }

    @AfterAll
    void stop() {
        if (installation != null) {
            installation.close();
            server.close();
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        return TestServers.column(connection, sql).getFirst();
    }

    private static String ask(Endpoint door, String sql) throws SQLException {
        try (Connection connection = door.connect()) {
            return ask(connection, sql);
        }
    }

    @Test
    void aTenantLivesAndDies() throws Exception {
        Endpoint door = installation.tenant("initech");
        Connection session = door.connect();
        run(session, "SET @mine = 42");
        assertThat(ask(session, "SELECT n FROM items")).isEqualTo("1");

        installation.suspend("initech", Duration.ofSeconds(20));
        CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> uncheckedAsk(session, "SELECT @mine"));
        assertThat(held).isNotDone();
        installation.resume("initech");
        assertThat(held.get()).isEqualTo("42");

        ServerAddress other = new ServerAddress("localhost", server.port());
        FlipResult flip = installation.flip("initech", other, DRAIN, OnDeadline.ABORT);
        assertThat(flip.sameServer()).isTrue();
        assertThat(flip.moved()).isEqualTo(1);
        assertThat(ask(session, "SELECT @mine")).isEqualTo("42");

        assertThat(installation
                        .control()
                        .queries()
                        .ask(
                                installation.project(),
                                "initech",
                                new AdminQuery("it", "SELECT n FROM items", "key", "127.0.0.1"))
                        .result()
                        .rows())
                .hasToString("[[1]]");

        installation.control().tenants().delete(installation.project(), "initech", false);
        assertThatThrownBy(() -> ask(door, "SELECT 1")).isInstanceOf(SQLException.class);
        installation.control().tenants().restore(installation.project(), "initech");
        assertThat(ask(door, "SELECT n FROM items")).isEqualTo("1");

        installation.remove("initech");
        session.close();
        try (Connection root = server.connect("")) {
            assertThat(TestServers.column(root, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA"))
                    .doesNotContain("it__initech");
            assertThat(TestServers.column(root, "SELECT Db FROM mysql.db WHERE Db LIKE '%initech%'"))
                    .isEmpty();
        }
    }

    private static String uncheckedAsk(Connection connection, String sql) {
        try {
            return ask(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aHeldUnitThatWaitsTooLongIsRefusedAndItsConnectionGoesOn() throws SQLException {
        Endpoint door = installation.tenant("patient");
        try (Connection session = door.connect()) {
            installation.suspend("patient", Duration.ofMillis(200));

            assertThatThrownBy(() -> ask(session, "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(1205));

            installation.resume("patient");
            assertThat(ask(session, "SELECT n FROM items")).isEqualTo("1");
        }
        installation.remove("patient");
    }

    @Test
    void theQueryLogHasTheTextOfPreparedExecutions() throws SQLException {
        Endpoint door = installation.tenant("logged");
        try (Connection session = door.connectPatiently();
                PreparedStatement statement = session.prepareStatement("SELECT n, ? AS marker FROM items")) {
            statement.setString(1, "a value");
            statement.executeQuery().close();
            assertThatThrownBy(() -> ask(session, "SELECT * FROM missing")).isInstanceOf(SQLException.class);
        }

        await().untilAsserted(() -> {
            List<LogEntry> entries = installation
                    .control()
                    .queryLog()
                    .search(installation.project(), "logged", LogFilter.newest())
                    .entries();
            assertThat(entries)
                    .anySatisfy(entry -> {
                        assertThat(entry.query()).contains("AS marker FROM items");
                        assertThat(entry.success()).isTrue();
                        assertThat(entry.rows()).isEqualTo(1);
                        assertThat(entry.query()).doesNotContain("a value");
                        assertThat(entry.engine()).isEqualTo(Engine.MYSQL);
                    })
                    .anySatisfy(entry -> {
                        assertThat(entry.query()).isEqualTo("SELECT * FROM missing");
                        assertThat(entry.errorCode()).isEqualTo("1146");
                    });
        });
        installation.remove("logged");
    }

    @Test
    void queriesOfDriversAndOfTheApiAreCountedApart() throws SQLException {
        Endpoint door = installation.tenant("counted");
        ask(door, "SELECT n FROM items");
        installation
                .control()
                .queries()
                .ask(
                        installation.project(),
                        "counted",
                        new AdminQuery("it", "UPDATE items SET n = n + 1", "key", "127.0.0.1"));

        await().untilAsserted(() -> {
            LogStats stats = installation.control().queryLog().stats(installation.project(), "counted", null);
            assertThat(stats.bySourceProxy()).isPositive();
            assertThat(stats.bySourceApi()).isEqualTo(1);
            assertThat(stats.failed()).isZero();
        });
        TenantDatabase database = installation
                .control()
                .tenants()
                .get(installation.project(), "counted")
                .databases()
                .getFirst();
        assertThat(database.engine()).isEqualTo(Engine.MYSQL);
        assertThat(database.version()).isEqualTo(1);
        installation.remove("counted");
    }

    private CreatedKey key(String tenant) {
        return installation
                .control()
                .keys()
                .create(installation.project(), new KeySpec("app", Role.WRITE, KeyScope.tenant(tenant)));
    }

    private CreatedKey rotated(CreatedKey key, Duration overlap) {
        return installation
                .control()
                .keys()
                .rotate(installation.project(), key.apiKey().id(), overlap);
    }

    private static void assertEnded(Connection session) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> ask(session, "SELECT 1")).isInstanceOf(SQLException.class));
        assertThatThrownBy(() -> ask(session, "SELECT 1")).isInstanceOf(SQLException.class);
    }

    private static void assertShut(Endpoint door) {
        assertThatThrownBy(() -> ask(door, "SELECT 1"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(BAD_CREDENTIALS));
    }

    @Test
    void anOldPasswordEndsWithItsSessionsWhenItsOverlapIsOver() throws SQLException {
        installation.tenant("rotated");
        CreatedKey key = key("rotated");
        Endpoint old = installation.door("rotated", key);
        try (Connection session = old.connect()) {
            Endpoint current = installation.door("rotated", rotated(key, Duration.ofSeconds(6)));
            assertThat(ask(session, "SELECT n FROM items")).isEqualTo("1");
            assertThat(ask(current, "SELECT n FROM items")).isEqualTo("1");

            assertEnded(session);

            assertShut(old);
            assertThat(ask(current, "SELECT n FROM items")).isEqualTo("1");
        }
        installation.remove("rotated");
    }

    @Test
    void aKeyThatIsDeletedTakesItsSessionsAlongButNotInTheMiddleOfATransaction() throws SQLException {
        installation.tenant("keyless");
        CreatedKey key = key("keyless");
        Endpoint door = installation.door("keyless", key);
        try (Connection idle = door.connect();
                Connection busy = door.connect()) {
            run(busy, "START TRANSACTION", "INSERT INTO items VALUES (2)");

            installation
                    .control()
                    .keys()
                    .delete(installation.project(), key.apiKey().id());

            assertEnded(idle);
            run(busy, "INSERT INTO items VALUES (3)", "COMMIT");
            assertEnded(busy);
            assertShut(door);
        }
        try (Connection root = server.connect(Installation.database("keyless"))) {
            assertThat(ask(root, "SELECT SUM(n) FROM items")).isEqualTo("6");
        }
        installation.remove("keyless");
    }

    private DeploymentResult deployed(String blueprint) {
        Deployments deployments = installation.control().deployments();
        Deployment begun = deployments.create(
                installation.project(), new NewDeployment(blueprint, OptionalInt.empty(), List.of()));
        Deployment ended = await().atMost(PATIENCE)
                .until(
                        () -> deployments.get(installation.project(), begun.id()),
                        now -> now.status() != Deployment.Status.IN_PROGRESS);
        return deployments.results(ended, 1, 0).getFirst();
    }

    @Test
    void aVersionThatFailsHalfWayIsSaidAndGoneOnWithWhenItCan() throws SQLException {
        Blueprints blueprints = installation.control().blueprints();
        blueprints.create(installation.project(), "grown", Engine.MYSQL);
        blueprints.addVersion(installation.project(), "grown", List.of("CREATE TABLE items (n INT)"));
        installation
                .control()
                .tenants()
                .create(
                        installation.project(),
                        new NewTenant("grower", List.of(new NewTenant.NewDatabase("grown", 1, ""))));
        Endpoint door = installation.tenant("grower", Role.ADMIN).to("grown__grower");
        blueprints.addVersion(
                installation.project(),
                "grown",
                List.of(
                        "CREATE TABLE orders (n INT)",
                        "INSERT INTO orders VALUES (1)",
                        "ALTER TABLE missing ADD COLUMN m INT",
                        "INSERT INTO orders VALUES (2)"));
        try (Connection session = door.connect()) {
            DeploymentResult failed = deployed("grown");

            assertThat(failed.status()).isEqualTo(DeploymentResult.Status.FAILED);
            assertThat(failed.detail()).contains("statement 3 of version 2").contains("missing");
            assertThat(TestServers.column(session, "SELECT n FROM orders")).containsExactly("1");

            run(session, "CREATE TABLE missing (n INT)");
            assertThat(deployed("grown").status()).isEqualTo(DeploymentResult.Status.COMPLETED);
            assertThat(deployed("grown").status()).isEqualTo(DeploymentResult.Status.COMPLETED);
            assertThat(TestServers.column(session, "SELECT n FROM orders ORDER BY n"))
                    .containsExactly("1", "2");
        }
        installation.remove("grower");
    }
}
