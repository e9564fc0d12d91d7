package dev.tdb.control.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.FakeDataPath;
import dev.tdb.control.FakeEngine;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.operation.Operation;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.plane.TestPlane;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.hold.HoldStatus;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain flip against servers in memory: every refusal, every failure, a crash at every step. */
class CutoverTest {
    private static final ServerAddress SOURCE = new ServerAddress("source", 5432);
    private static final ServerAddress ALIAS = new ServerAddress("alias", 5432);
    private static final ServerAddress TARGET = new ServerAddress("target", 5432);
    private static final String DATABASE = "shop__acme";

    /** Stands for the end of the process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    Path state;

    private final FakeEngine engine = new FakeEngine();
    private final FakeEngine.Server source = engine.at(SOURCE, ALIAS);
    private final FakeEngine.Server target = engine.at(TARGET);
    private FakeDataPath dataPath = new FakeDataPath();
    private TestPlane plane;
    private ProjectId project;
    private RouteKey key;

    @BeforeEach
    void aTenantOnTheSource() {
        plane = TestPlane.open(state, dataPath, engine);
        project = plane.plane().projects().create("demo").project().id();
        key = new RouteKey(Engine.POSTGRES, project, new DatabaseName("shop", "acme"));
        plane.plane().hosts().register(host("source", SOURCE));
        plane.plane().blueprints().create(project, "shop", Engine.POSTGRES);
        plane.plane()
                .tenants()
                .create(project, new NewTenant("acme", List.of(new NewTenant.NewDatabase("shop", 1, ""))));
        // The target is a replica that was promoted: it has the database, and the logins of the epoch.
        target.databases.add(DATABASE);
        target.logins.putAll(source.logins);
        engine.asked.clear();
        dataPath.asked.clear();
    }

    @AfterEach
    void close() {
        plane.close();
    }

    private static HostSpec host(String id, ServerAddress address) {
        return new HostSpec(
                id, Engine.POSTGRES, address, ServerTls.disabled(), "", 1, 10, "admin", Secret.of("secret"));
    }

    private FlipResult flip(ServerAddress to) {
        return flip(FlipRequest.to(to));
    }

    private FlipResult flip(FlipRequest request) {
        return plane.plane().routes().flip(project, DATABASE, request);
    }

    private static FlipRequest request(ServerAddress to, FlipRequest.OnDeadline onDeadline, boolean force) {
        return new FlipRequest(to, Duration.ofMillis(100), onDeadline, false, force);
    }

    private Set<String> users() {
        return dataPath.route(key).target().logins().values().stream()
                .map(BackendLogin::user)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Operation lastOperation() {
        return plane.plane().operations().list(project, "acme", 1, 0).getFirst();
    }

    private void assertNothingHasChanged() {
        assertThat(dataPath.route(key).epoch()).isEqualTo(1);
        assertThat(dataPath.route(key).target().address()).isEqualTo(SOURCE);
        assertThat(plane.plane().routes().get(project, DATABASE).epoch()).isEqualTo(1);
        assertThat(source.fenced).isEmpty();
        assertThat(source.logins)
                .hasSize(3)
                .allSatisfy((user, may) -> assertThat(may).isTrue());
        assertThat(target.logins.keySet()).isEqualTo(source.logins.keySet());
        assertThat(dataPath.standing).hasValue(0);
        assertThat(lastOperation().state()).isEqualTo(OperationState.ABORTED);
    }

    private void assertTheTargetHasTakenOver() {
        Route route = dataPath.route(key);
        assertThat(route.epoch()).isEqualTo(2);
        assertThat(route.target().address()).isEqualTo(TARGET);
        assertThat(target.logins.keySet()).isEqualTo(users());
        assertThat(target.logins.values()).containsOnly(true);
        assertThat(source.fenced).containsExactly(DATABASE);
        assertThat(source.logins).isEmpty();
        assertThat(dataPath.standing).hasValue(0);
        assertThat(lastOperation().state()).isEqualTo(OperationState.SUCCEEDED);
    }

    @Test
    void anotherServerIsFencedBeforeTheDecisionAndGetsLoginsOfItsOwn() {
        Set<String> old = users();
        dataPath.status = new HoldStatus(5, 2, 3, 100, Map.of());
        dataPath.released = new Released(3, 4, 0, Map.of("temporary tables", 1));

        FlipResult result = flip(TARGET);

        assertTheTargetHasTakenOver();
        assertThat(users()).doesNotContainAnyElementsOf(old);
        assertThat(result.sessions()).isEqualTo(5);
        assertThat(result.drained()).isEqualTo(2);
        assertThat(result.held()).isEqualTo(3);
        assertThat(result.moved()).isEqualTo(4);
        assertThat(result.closedByReason()).containsExactly(Map.entry("temporary tables", 1));
        assertThat(result.from()).isEqualTo(SOURCE);
        assertThat(result.to()).isEqualTo(TARGET);
        assertThat(result.steps())
                .extracting(FlipResult.StepTime::step)
                .containsExactly("guard", "prepare", "hold", "drain", "fence", "decide", "switch", "release", "finish");
        assertThat(lastOperation().steps())
                .extracting(Operation.Step::name)
                .containsExactly("guard", "prepare", "hold", "drain", "fence", "decide", "switch", "release");
        assertThat(dataPath.asked)
                .containsExactly("survey", "prepare", "hold", "publish", "switched to " + TARGET, "release");
    }

    @Test
    void theSameServerByAnotherAddressIsNotFencedAndKeepsItsLogins() {
        Set<String> old = users();

        FlipResult result = flip(ALIAS);

        assertThat(result.sameServer()).isTrue();
        assertThat(dataPath.route(key).epoch()).isEqualTo(2);
        assertThat(users()).isEqualTo(old);
        assertThat(source.logins.keySet()).isEqualTo(old);
        assertThat(engine.asked).noneMatch(call -> call.startsWith("fence") || call.startsWith("createLogins"));
        assertThat(flip(SOURCE).epoch()).isEqualTo(3);
        assertThat(users()).isEqualTo(old);
    }

    @Test
    void aRouteFlippedWhileSuspendedStaysSuspended() {
        plane.plane().tenants().suspend(project, "acme", SuspendTerms.standard());

        flip(TARGET);

        assertThat(dataPath.route(key).state()).isInstanceOf(RouteState.Suspended.class);
        assertThat(dataPath.route(key).epoch()).isEqualTo(2);
        plane.plane().tenants().resume(project, "acme");
        assertThat(dataPath.route(key).state()).isEqualTo(new RouteState.Open());
    }

    @Test
    void aReplicaIsRefusedBeforeAnythingIsHeld() {
        target.replica = true;

        assertThatThrownBy(() -> flip(TARGET)).hasMessageContaining("Promote it first");

        assertNothingHasChanged();
        assertThat(dataPath.asked).isEmpty();
    }

    @Test
    void aTargetWithoutTheDatabaseIsRefused() {
        target.databases.clear();

        assertThatThrownBy(() -> flip(TARGET)).hasMessageContaining("has no database shop__acme");

        assertNothingHasChanged();
    }

    @Test
    void aTargetOfAnotherVersionIsRefused() {
        target.majorVersion = 17;

        assertThatThrownBy(() -> flip(TARGET)).hasMessageContaining("runs version 17");

        assertNothingHasChanged();
    }

    @Test
    void aTargetThatDoesNotAnswerIsRefused() {
        target.down = true;

        assertThatThrownBy(() -> flip(TARGET)).isInstanceOfSatisfying(ControlException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(e.operationId()).contains(lastOperation().id());
            assertThat(e.sentence()).contains("the target cannot be used");
        });

        assertNothingHasChanged();
    }

    @Test
    void aSourceThatCannotBeFencedIsLeftByForceOnly() {
        source.down = true;
        assertThatThrownBy(() -> flip(TARGET)).hasMessageContaining("cannot be fenced");
        source.down = false;
        assertNothingHasChanged();
        source.down = true;

        FlipResult result = flip(request(TARGET, FlipRequest.OnDeadline.ABORT, true));

        assertThat(result.epoch()).isEqualTo(2);
        assertThat(result.warnings()).anyMatch(warning -> warning.contains("cannot be fenced"));
        assertThat(result.steps()).extracting(FlipResult.StepTime::step).doesNotContain("fence");
    }

    @Test
    void stragglersMakeTheFlipGiveUp() {
        dataPath.drains = false;
        dataPath.status = new HoldStatus(3, 2, 0, 0, Map.of());

        assertThatThrownBy(() -> flip(request(TARGET, FlipRequest.OnDeadline.ABORT, false)))
                .hasMessageContaining("2 sessions were still in flight after 100 ms");

        assertNothingHasChanged();
        assertThat(dataPath.asked).containsExactly("survey", "prepare", "hold", "release");
    }

    @Test
    void stragglersAreEndedWhenTheOperatorSaysSo() {
        dataPath.drains = false;
        dataPath.status = new HoldStatus(3, 2, 0, 0, Map.of());

        FlipResult result = flip(request(TARGET, FlipRequest.OnDeadline.KILL, false));

        assertTheTargetHasTakenOver();
        assertThat(result.drained()).isZero();
        assertThat(result.closedByReason()).containsExactly(Map.entry("terminated", 2));
    }

    @Test
    void anAddressThatLeadsElsewhereAtTheEndOfTheDrainIsNotSwitchedTo() {
        dataPath.drains = false;
        dataPath.status = new HoldStatus(1, 1, 0, 0, Map.of());
        dataPath.before = name -> {
            if (name.equals("hold")) {
                engine.at(ALIAS).databases.add(DATABASE);
            }
        };

        assertThatThrownBy(() -> flip(
                        new FlipRequest(ALIAS, Duration.ofMillis(1100), FlipRequest.OnDeadline.KILL, false, false)))
                .hasMessageContaining("led to one server when the flip began, and now to two");

        assertNothingHasChanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"isSameServer", "readmit", "createLogins", "checkLogin", "fence", "fenced"})
    void aServerThatFailsBeforeTheDecisionLeavesEverythingAsItWas(String call) {
        engine.before = name -> {
            if (name.equals(call)) {
                throw new EngineException("the disk of " + name + " is full", false, new IllegalStateException());
            }
        };

        assertThatThrownBy(() -> flip(TARGET)).hasMessageContaining("the disk of " + call + " is full");

        engine.before = name -> {};
        assertNothingHasChanged();
        flip(TARGET);
        assertTheTargetHasTakenOver();
    }

    @Test
    void aFenceThatCannotBeLiftedAtOnceIsLiftedInTheBackground() {
        engine.before = name -> {
            if (name.equals("fenced") || name.equals("unfence")) {
                throw new EngineException("the network is gone", true, new IllegalStateException());
            }
        };

        assertThatThrownBy(() -> flip(TARGET)).hasMessageContaining("could not be opened again yet");

        assertThat(lastOperation().state()).isEqualTo(OperationState.RUNNING);
        // Nobody is let go to a server that is fenced.
        assertThat(dataPath.standing).hasValue(1);
        assertThatThrownBy(() -> flip(TARGET))
                .isInstanceOfSatisfying(
                        ControlException.class,
                        e -> assertThat(e.operationId())
                                .contains(lastOperation().id()));
        engine.before = name -> {};
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> dataPath.standing.get() == 0);
        assertNothingHasChanged();
    }

    @Test
    void loginsThatCannotBeRemovedAfterwardsAreAWarning() {
        engine.before = name -> {
            if (name.equals("dropLogins")) {
                throw new EngineException("no", false, new IllegalStateException());
            }
        };

        FlipResult result = flip(TARGET);

        assertThat(result.epoch()).isEqualTo(2);
        assertThat(result.warnings()).anyMatch(warning -> warning.contains("logins without use are left"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"serverFacts", "isSameServer", "readmit", "createLogins", "checkLogin", "fence", "fenced", "hold"
            })
    void aProcessKilledBeforeTheDecisionIsFollowedByOneThatGivesUp(String where) {
        killAt(where);

        assertThatThrownBy(() -> flip(TARGET)).isInstanceOf(Killed.class);
        restart();

        assertNothingHasChanged();
        flip(TARGET);
        assertTheTargetHasTakenOver();
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "switched", "release", "dropLogins"})
    void aProcessKilledAfterTheDecisionIsFollowedByOneThatGoesOn(String where) {
        killAt(where);

        assertThatThrownBy(() -> flip(TARGET)).isInstanceOf(Killed.class);
        restart();

        assertTheTargetHasTakenOver();
    }

    private void killAt(String where) {
        engine.before = name -> {
            if (name.equals(where)) {
                throw new Killed();
            }
        };
        dataPath.before = engine.before;
    }

    /** A new process: nothing is left of the old one but the files and the servers. */
    private void restart() {
        plane.close();
        engine.before = name -> {};
        dataPath = new FakeDataPath();
        plane = TestPlane.open(state, dataPath, engine);
    }

    @Test
    void theDataPathFailingAfterTheDecisionDoesNotUndoIt() {
        dataPath.before = name -> {
            if (name.equals("switched")) {
                throw new IllegalStateException("a loop is stuck");
            }
        };

        assertThatThrownBy(() -> flip(TARGET)).isInstanceOfSatisfying(ControlException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e.sentence()).contains("the flip was decided");
            assertThat(e.operationId())
                    .hasValueSatisfying(id -> assertThat(e.sentence()).contains(id));
        });

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> dataPath.standing.get() == 0);
        assertTheTargetHasTakenOver();
    }

    @Test
    void aHostThatARunningFlipNeedsIsNotRemoved() {
        plane.plane().hosts().register(host("target", TARGET));
        killAt("fenced");
        assertThatThrownBy(() -> flip(TARGET)).isInstanceOf(Killed.class);

        assertThatThrownBy(() -> plane.plane().hosts().remove("target"))
                .isInstanceOfSatisfying(
                        ControlException.class,
                        e -> assertThat(e.sentence()).contains("a flip to or from it is under way"));

        restart();
        plane.plane().hosts().remove("target");
        assertNothingHasChanged();
    }

    @Test
    void oneOperationRunsForATenantAtATime() throws Exception {
        CountDownLatch fencing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        engine.before = name -> {
            if (name.equals("fence")) {
                fencing.countDown();
                Awaitility.await().until(() -> goOn.getCount() == 0);
            }
        };
        CompletableFuture<FlipResult> first = CompletableFuture.supplyAsync(() -> flip(TARGET));
        fencing.await();

        assertThatThrownBy(() -> plane.plane().tenants().suspend(project, "acme", SuspendTerms.standard()))
                .isInstanceOfSatisfying(ControlException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(e.operationId()).contains(lastOperation().id());
                });

        goOn.countDown();
        assertThat(first.get().epoch()).isEqualTo(2);
    }
}
