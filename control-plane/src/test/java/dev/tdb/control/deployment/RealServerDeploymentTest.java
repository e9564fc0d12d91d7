package dev.tdb.control.deployment;

import static dev.tdb.control.LocalPostgres.ask;
import static dev.tdb.control.LocalPostgres.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.ControlException;
import dev.tdb.control.FakeDataPath;
import dev.tdb.control.LocalPostgres;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.TestPlane;
import dev.tdb.control.postgres.PostgresAdapter;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions on a real server, with locks, faults and kills. */
class RealServerDeploymentTest {
    static {
        Awaitility.doNotCatchUncaughtExceptionsByDefault(); // Those that kill are meant.
    }

    private static final ApplyTerms TERMS = new ApplyTerms(Duration.ofMillis(300), 2, Duration.ofSeconds(60));

    /** Stands for the end of the process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    static Path servers;

    private static PostgresServer server;

    @TempDir
    Path state;

    private FakeDataPath dataPath = new FakeDataPath();
    private TestPlane running;
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
        open(PostgresAdapter.standard());
        project = plane().projects().create("demo").project().id();
        plane().hosts().register(LocalPostgres.host("pg-1", server));
        plane().blueprints().create(project, "shop", Engine.POSTGRES);
        addVersion("CREATE TABLE items (name text)");
    }

    private void open(EngineAdapter adapter) {
        running = TestPlane.open(StoreSettings.sqlite(state.resolve("control.db")), state, dataPath, patient(adapter));
    }

    private void restart(EngineAdapter adapter) {
        running.close();
        dataPath = new FakeDataPath();
        open(adapter);
    }

    @AfterEach
    void close() throws SQLException {
        running.close();
        try (Connection admin = server.connect("postgres")) {
            LocalPostgres.removeTenants(admin);
        }
    }

    /** As {@code adapter}, with the terms of this test. */
    private static EngineAdapter patient(EngineAdapter adapter) {
        return around(adapter, () -> {});
    }

    /** @param afterApply called when a version is at the server, before anybody is told */
    private static EngineAdapter around(EngineAdapter adapter, Runnable afterApply) {
        return (EngineAdapter) Proxy.newProxyInstance(
                EngineAdapter.class.getClassLoader(), new Class<?>[] {EngineAdapter.class}, (_, method, arguments) -> {
                    boolean applies = method.getName().equals("apply");
                    if (applies) {
                        arguments[arguments.length - 1] = TERMS;
                    }
                    try {
                        Object answer = method.invoke(adapter, arguments);
                        if (applies) {
                            afterApply.run();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ControlPlane plane() {
        return running.plane();
    }

    private void addVersion(String... statements) {
        plane().blueprints().addVersion(project, "shop", List.of(statements));
    }

    private void create(String tenant) {
        plane().tenants().create(project, new NewTenant(tenant, List.of(new NewTenant.NewDatabase("shop", 1, ""))));
    }

    private Deployment begin() {
        return plane().deployments().create(project, new NewDeployment("shop", OptionalInt.empty(), List.of()));
    }

    private Deployment ended(Deployment begun) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(
                        () -> plane().deployments().get(project, begun.id()),
                        now -> now.status() != Deployment.Status.IN_PROGRESS);
    }

    private Map<String, DeploymentResult> results(Deployment deployment) {
        return plane().deployments().results(deployment, 100, 0).stream()
                .collect(Collectors.toMap(DeploymentResult::tenant, Function.identity()));
    }

    private BackendLogin login(String tenant, Role role) {
        RouteKey key = new RouteKey(Engine.POSTGRES, project, new DatabaseName("shop", tenant));
        return Objects.requireNonNull(dataPath.route(key).target().logins().get(role));
    }

    private Connection connect(String tenant, Role role) throws SQLException {
        BackendLogin login = login(tenant, role);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + LocalPostgres.address(server) + "/shop__" + tenant,
                login.user(),
                login.password().reveal());
    }

    private String ask(String tenant, String sql) throws SQLException {
        try (Connection connection = server.connect("shop__" + tenant)) {
            return LocalPostgres.ask(connection, sql);
        }
    }

    private static String applied(String version) {
        return "SELECT count(*) FROM items WHERE name = '" + version + "'";
    }

    @Test
    void sixtyTenantsOneBrokenOneLockedOneSuspendedAndTwoKills() throws Exception {
        List<String> tenants =
                IntStream.range(0, 60).mapToObj(i -> "t" + (100 + i)).toList();
        createAll(tenants);
        plane().tenants().suspend(project, "t121", SuspendTerms.standard());
        addVersion("CREATE TABLE orders (n int)", "INSERT INTO items VALUES ('two')");
        addVersion("ALTER TABLE items ADD COLUMN price int", "INSERT INTO items VALUES ('three')");
        try (Connection owner = connect("t107", Role.ADMIN)) {
            run(owner, "CREATE TABLE orders (mine text)");
        }
        try (Connection reader = connect("t113", Role.READ)) {
            reader.setAutoCommit(false);
            LocalPostgres.ask(reader, "SELECT count(*) FROM items");

            Deployment begun = killAfter(10, PostgresAdapter.standard(), this::begin);
            killAfter(30, PostgresAdapter.standard(), () -> begun);
            restart(PostgresAdapter.standard());
            Deployment deployment = ended(begun);

            assertThat(deployment.completed()).isEqualTo(58);
            assertThat(results(deployment).get("t107").detail())
                    .contains("statement 1 of version 2")
                    .contains("already exists");
            assertThat(results(deployment).get("t113").detail())
                    .contains("statement 1 of version 3")
                    .contains("a lock was not had within 300 ms, in 2 attempts");
            reader.rollback();
        }
        for (String tenant : tenants) {
            boolean broken = tenant.equals("t107");
            boolean locked = tenant.equals("t113");
            assertThat(ask(tenant, applied("two"))).as(tenant).isEqualTo(broken ? "0" : "1");
            assertThat(ask(tenant, applied("three"))).as(tenant).isEqualTo(broken || locked ? "0" : "1");
            assertThat(plane().tenants()
                            .get(project, tenant)
                            .databases()
                            .getFirst()
                            .version())
                    .as(tenant)
                    .isEqualTo(broken ? 1 : locked ? 2 : 3);
        }

        try (Connection owner = connect("t107", Role.ADMIN)) {
            run(owner, "DROP TABLE orders");
        }
        Deployment repaired = ended(begin());

        assertThat(repaired.status()).isEqualTo(Deployment.Status.COMPLETED);
        for (String tenant : tenants) {
            assertThat(ask(tenant, applied("two"))).as(tenant).isEqualTo("1");
            assertThat(ask(tenant, applied("three"))).as(tenant).isEqualTo("1");
        }
    }

    private void createAll(List<String> tenants) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> made = new ArrayList<>();
            tenants.forEach(tenant -> made.add(threads.submit(() -> create(tenant))));
            for (Future<?> one : made) {
                one.get();
            }
        }
    }

    /** Ends the process when so many versions were committed and the last of them written down nowhere. */
    private Deployment killAfter(
            int commits, EngineAdapter adapter, java.util.function.Supplier<Deployment> beginning) {
        AtomicInteger left = new AtomicInteger(commits);
        running.close();
        dataPath = new FakeDataPath();
        running = TestPlane.open(
                StoreSettings.sqlite(state.resolve("control.db")), state, dataPath, around(adapter, () -> {
                    if (left.decrementAndGet() <= 0) {
                        throw new Killed();
                    }
                }));
        Deployment deployment = beginning.get();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> left.get() <= 0);
        return deployment;
    }

    @Test
    void aVersionThatIsAppliedByTwoAtOnceIsAppliedOnce() throws Exception {
        create("acme");
        VersionScript slow =
                new VersionScript(2, List.of("INSERT INTO items VALUES ('slow')", "SELECT pg_sleep(0.5)"), "a mark");
        EngineAdapter adapter = PostgresAdapter.standard();
        ApplyTerms patient = new ApplyTerms(Duration.ofSeconds(20), 1, Duration.ofSeconds(60));
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(threads.submit(() -> adapter.apply(
                        LocalPostgres.admin(server), "shop__acme", login("acme", Role.ADMIN), List.of(slow), patient)));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }

        assertThat(ask("acme", applied("slow"))).isEqualTo("1");
    }

    @Test
    void aDeploymentThatWaitsForALockDoesNotStandInTheWayOfQueries() throws Exception {
        create("acme");
        addVersion("ALTER TABLE items ADD COLUMN price int");
        try (Connection reader = connect("acme", Role.READ);
                Connection writer = connect("acme", Role.WRITE)) {
            reader.setAutoCommit(false);
            LocalPostgres.ask(reader, "SELECT count(*) FROM items");

            Deployment begun = begin();
            long longest = 0;
            while (plane().deployments().get(project, begun.id()).status() == Deployment.Status.IN_PROGRESS) {
                long began = System.nanoTime();
                run(writer, "INSERT INTO items VALUES ('traffic')");
                longest = Math.max(longest, System.nanoTime() - began);
            }

            assertThat(ended(begun).failed()).isEqualTo(1);
            assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void marksAreNobodysToMakeOrToTakeAway() throws Exception {
        create("acme");
        addVersion("INSERT INTO items VALUES ('two')");
        try (Connection owner = connect("acme", Role.ADMIN);
                Connection writer = connect("acme", Role.WRITE)) {
            run(owner, "INSERT INTO tdb.versions (version, mark) VALUES (2, 'forged')");
            for (String attempt : List.of(
                    "DELETE FROM tdb.versions",
                    "UPDATE tdb.versions SET version = 9",
                    "TRUNCATE tdb.versions",
                    "DROP TABLE tdb.versions",
                    "DROP SCHEMA tdb CASCADE",
                    "CREATE TRIGGER t BEFORE INSERT ON tdb.versions FOR EACH ROW EXECUTE FUNCTION"
                            + " suppress_redundant_updates_trigger()",
                    "CREATE TABLE tdb.mine (n int)",
                    "ALTER TABLE tdb.versions ADD COLUMN mine int")) {
                assertThatThrownBy(() -> run(owner, attempt)).as(attempt).isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> run(writer, "INSERT INTO tdb.versions (version, mark) VALUES (2, 'x')"))
                    .isInstanceOf(SQLException.class);
            assertThat(LocalPostgres.ask(writer, "SELECT count(*) FROM tdb.versions"))
                    .isEqualTo("2");
        }

        assertThat(ended(begin()).status()).isEqualTo(Deployment.Status.COMPLETED);
        assertThat(ask("acme", applied("two"))).isEqualTo("1");
    }

    @Test
    void databasesWithoutAPlaceForMarksAreGivenOne() throws Exception {
        create("acme");
        try (Connection admin = server.connect("shop__acme")) {
            run(admin, "DROP SCHEMA tdb CASCADE");
        }
        addVersion("INSERT INTO items VALUES ('two')");

        assertThat(ended(begin()).status()).isEqualTo(Deployment.Status.COMPLETED);

        assertThat(ask("acme", applied("two"))).isEqualTo("1");
        assertThat(ask("acme", "SELECT max(version) FROM tdb.versions")).isEqualTo("2");
    }

    @Test
    void aStatementThatEndsTheTransactionIsRefused() throws Exception {
        create("acme");
        assertThatThrownBy(() -> addVersion("INSERT INTO items VALUES ('two')", "commit"))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("statements[1] begins or ends a transaction");
        assertThatThrownBy(() -> addVersion("CREATE UNIQUE INDEX CONCURRENTLY i ON items (name)"))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("leave CONCURRENTLY out");
        addVersion("INSERT INTO items VALUES ('two'); COMMIT; BEGIN; SELECT 1");

        Deployment deployment = ended(begin());

        assertThat(results(deployment).get("acme").detail()).contains("ends the transaction");
        assertThat(plane().tenants().get(project, "acme").databases().getFirst().version())
                .isEqualTo(1);
    }

    @Test
    void whatOnlyTheServerKnowsIsSaidInItsWords() throws Exception {
        create("acme");
        addVersion(
                "INSERT INTO items VALUES ('two')", "DO $$ BEGIN PERFORM 1; END $$", "INSERT INTO nowhere VALUES (1)");

        Deployment deployment = ended(begin());

        assertThat(results(deployment).get("acme").detail())
                .contains("statement 3 of version 2")
                .contains("relation \"nowhere\" does not exist");
        assertThat(ask("acme", applied("two"))).isEqualTo("0");
    }
}
