package dev.tdb.control.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.control.FakeDataPath;
import dev.tdb.control.FakeEngine;
import dev.tdb.control.LocalPostgres;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.plane.TestPlane;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process died in the middle of the commit that decides a flip, and the control database, which may wait for its
 * standby, has not ended that transaction when the next process asks. Nobody sees it yet, and it can end either way.
 */
class DecisionInDoubtTest {
    private static final ServerAddress SOURCE = new ServerAddress("source", 5432);
    private static final ServerAddress TARGET = new ServerAddress("target", 5432);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Stands for the end of the process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Stands for a commit that fails in the end. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    static Path directory;

    private static PostgresServer server;
    private static int databases;

    private final FakeEngine engine = new FakeEngine();
    private final FakeEngine.Server source = engine.at(SOURCE);
    private final FakeEngine.Server target = engine.at(TARGET);
    private FakeDataPath dataPath = new FakeDataPath();
    private StoreSettings settings;
    private Path state;
    private RouteKey key;

    @BeforeAll
    static void startServer() {
        server = LocalPostgres.start(directory.resolve("control"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void aFlipThatEndedWithItsProcess() throws SQLException {
        databases++;
        state = directory.resolve("state-" + databases);
        settings = new StoreSettings(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/control_" + databases,
                server.superuser().user(),
                Secret.of(server.superuser().password()));
        try (Connection admin = server.connect("postgres")) {
            LocalPostgres.run(admin, "CREATE DATABASE control_" + databases);
        }
        try (TestPlane plane = TestPlane.open(settings, state, dataPath, engine)) {
            ProjectId project =
                    plane.plane().projects().create("demo").project().id();
            key = new RouteKey(Engine.POSTGRES, project, new DatabaseName("shop", "acme"));
            plane.plane().hosts().register(host("source", SOURCE));
            plane.plane().hosts().register(host("target", TARGET));
            plane.plane().blueprints().create(project, "shop", Engine.POSTGRES);
            NewTenant acme = new NewTenant("acme", List.of(new NewTenant.NewDatabase("shop", 1, "")));
            plane.plane().tenants().create(project, acme);
            target.databases.add("shop__acme");
            target.logins.putAll(source.logins);
            engine.before = name -> {
                if (name.equals("fenced")) {
                    throw new Killed();
                }
            };
            assertThatThrownBy(() -> plane.plane().routes().flip(project, "shop__acme", FlipRequest.to(TARGET)))
                    .isInstanceOf(Killed.class);
        }
        engine.before = name -> {};
        engine.asked.clear();
        dataPath = new FakeDataPath();
    }

    @AfterEach
    void nothingStands() {
        assertThat(dataPath.standing).hasValue(0);
    }

    private static HostSpec host(String id, ServerAddress address) {
        return new HostSpec(
                id, Engine.POSTGRES, address, ServerTls.disabled(), "", 1, 10, "admin", Secret.of("secret"));
    }

    @Test
    void aDecisionThatIsCommittedLateIsGoneOnWith() throws Exception {
        try (TestPlane next = startedWhileTheCommitHangs(true)) {
            assertThat(engine.asked).noneMatch(call -> call.startsWith("unfence"));
            assertThat(dataPath.route(key).epoch()).isEqualTo(2);
            assertThat(dataPath.route(key).target().address()).isEqualTo(TARGET);
            assertThat(last(next)).isEqualTo(OperationState.SUCCEEDED);
        }
    }

    @Test
    void aDecisionThatIsNotCommittedAfterAllIsGivenUp() throws Exception {
        try (TestPlane next = startedWhileTheCommitHangs(false)) {
            assertThat(source.fenced).isEmpty();
            assertThat(dataPath.route(key).epoch()).isEqualTo(1);
            assertThat(dataPath.route(key).target().address()).isEqualTo(SOURCE);
            assertThat(last(next)).isEqualTo(OperationState.ABORTED);
        }
    }

    private OperationState last(TestPlane plane) {
        return plane.plane()
                .operations()
                .list(key.project(), "acme", 1, 0)
                .getFirst()
                .state();
    }

    private TestPlane startedWhileTheCommitHangs(boolean isCommittedLate) throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (StateStore store = StateStore.open(settings)) {
            CompletableFuture<Void> hanging = CompletableFuture.runAsync(() -> decide(store, end, isCommittedLate));
            awaitSession("state = 'idle in transaction'");
            CompletableFuture<TestPlane> next =
                    CompletableFuture.supplyAsync(() -> TestPlane.open(settings, state, dataPath, engine));
            awaitSession("wait_event_type = 'Lock' AND query LIKE 'UPDATE routes%'");
            assertThat(next).isNotDone();

            end.complete(null);

            hanging.handle((_, _) -> true).join();
            return next.get();
        }
    }

    private void decide(StateStore store, CompletableFuture<Void> end, boolean isCommittedLate) {
        store.write(tables -> {
            var to = HostAccess.place(tables.hosts().find("target").orElseThrow());
            assertThat(tables.routes().decide(key, 1, to, 2, 0)).isTrue();
            end.join();
            if (!isCommittedLate) {
                throw new RolledBack();
            }
            return key;
        });
    }

    private void awaitSession(String condition) throws SQLException {
        try (Connection admin = server.connect("postgres")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(LocalPostgres.ask(
                                    admin,
                                    "SELECT count(*) FROM pg_stat_activity WHERE datname = 'control_" + databases
                                            + "' AND " + condition))
                            .isEqualTo("1"));
        }
    }
}
