package dev.tdb.control.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.FakeDataPath;
import dev.tdb.control.FakeEngine;
import dev.tdb.control.blueprint.BlueprintVersion;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.operation.Operation;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.Retries;
import dev.tdb.control.plane.TestPlane;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.control.tenant.TenantStatus;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployment owes whatever database the control plane keeps its state in. Servers are in memory. */
abstract class DeploymentContract {
    private static final ServerAddress ADDRESS = new ServerAddress("first", 5432);
    private static final List<String> TENANTS = List.of("a", "b", "c");

    /** Stands for the end of the process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A clock that ends the process at one of its readings, and at all after it; each write of the journal reads it. */
    private static final class DeadlyClock implements InstantSource {
        final AtomicInteger readingsLeft = new AtomicInteger(Integer.MAX_VALUE);

        @Override
        public Instant instant() {
            return InstantSource.system().instant();
        }

        @Override
        public long millis() {
            if (Thread.currentThread().isVirtual() && readingsLeft.decrementAndGet() < 0) {
                throw new Killed();
            }
            return InstantSource.system().millis();
        }
    }

    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        Awaitility.doNotCatchUncaughtExceptionsByDefault(); // Those that kill are meant.
    }

    @TempDir
    Path directory;

    private final FakeEngine engine = new FakeEngine();
    private final FakeEngine.Server server = engine.at(ADDRESS);
    private final DeadlyClock clock = new DeadlyClock();
    private FakeDataPath dataPath = new FakeDataPath();
    private TestPlane running;
    private ProjectId project;

    /** An empty database, the same one during a test. */
    abstract StoreSettings store();

    private ControlPlane plane() {
        return running.plane();
    }

    @BeforeEach
    void open() {
        open(2);
        project = plane().projects().create("demo").project().id();
        plane().hosts()
                .register(new HostSpec(
                        "first",
                        Engine.POSTGRES,
                        ADDRESS,
                        ServerTls.disabled(),
                        "eu-central",
                        1,
                        100,
                        "admin",
                        Secret.of("secret")));
        plane().blueprints().create(project, "shop", Engine.POSTGRES);
        addVersion("one");
        TENANTS.forEach(this::create);
    }

    private void open(int parallelism) {
        running = TestPlane.open(store(), directory, dataPath, clock, parallelism, engine);
    }

    @AfterEach
    void close() {
        clock.readingsLeft.set(Integer.MAX_VALUE);
        engine.before = name -> {};
        running.close();
    }

    private void restart() {
        restart(2);
    }

    private void restart(int parallelism) {
        running.close();
        clock.readingsLeft.set(Integer.MAX_VALUE);
        engine.before = name -> {};
        dataPath = new FakeDataPath();
        open(parallelism);
    }

    private void create(String tenant) {
        plane().tenants().create(project, new NewTenant(tenant, List.of(new NewTenant.NewDatabase("shop", 1, ""))));
    }

    private void addVersion(String statement) {
        plane().blueprints().addVersion(project, "shop", List.of(statement));
    }

    private Deployment begin(String... tenants) {
        return plane().deployments().create(project, new NewDeployment("shop", OptionalInt.empty(), List.of(tenants)));
    }

    private Deployment ended(Deployment begun) {
        return Awaitility.await()
                .until(
                        () -> plane().deployments().get(project, begun.id()),
                        now -> now.status() != Deployment.Status.IN_PROGRESS);
    }

    private Map<String, DeploymentResult> results(Deployment deployment) {
        return plane().deployments().results(deployment, 100, 0).stream()
                .collect(Collectors.toMap(DeploymentResult::tenant, Function.identity()));
    }

    private DeploymentResult.Status status(Deployment deployment, String tenant) {
        return results(deployment).get(tenant).status();
    }

    private int version(String tenant) {
        return plane().tenants().get(project, tenant).databases().getFirst().version();
    }

    private static void refused(ErrorCode code, String words, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ControlException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.sentence()).contains(words);
        });
    }

    /** Every version once at every tenant, in order. */
    private void assertAppliedOnce(int newest) {
        assertApplied(IntStream.rangeClosed(1, newest).toArray());
    }

    /** Every tenant has these versions, each applied once and in this order. */
    private void assertApplied(int... versions) {
        for (String tenant : TENANTS) {
            assertThat(server.applied)
                    .filteredOn(applied -> applied.startsWith("shop__" + tenant + " "))
                    .as(tenant)
                    .containsExactlyElementsOf(IntStream.of(versions)
                            .mapToObj(version -> "shop__" + tenant + " " + version)
                            .toList());
            assertThat(version(tenant)).isEqualTo(versions[versions.length - 1]);
        }
    }

    private void assertNothingRuns() {
        assertThat(plane().operations().list(project, "", 1000, 0))
                .noneMatch(operation -> operation.state() == OperationState.RUNNING);
    }

    @Test
    void allTenantsGetAllVersionsTheyLackInOrder() {
        addVersion("two");
        addVersion("three");
        plane().tenants().suspend(project, "b", SuspendTerms.standard());

        Deployment deployment = ended(begin());

        assertThat(deployment.status()).isEqualTo(Deployment.Status.COMPLETED);
        assertThat(deployment.version()).isEqualTo(3);
        assertThat(deployment.completed()).isEqualTo(3);
        assertAppliedOnce(3);
        assertThat(results(deployment).values()).allSatisfy(result -> {
            assertThat(result.fromVersion()).isEqualTo(1);
            assertThat(result.duration()).isPresent();
            Operation own = plane().operations().get(project, result.operationId());
            assertThat(own.state()).isEqualTo(OperationState.SUCCEEDED);
            assertThat(own.steps())
                    .extracting(Operation.Step::name)
                    .containsExactly("apply version 2", "apply version 3");
        });
        assertThat(plane().operations().get(project, deployment.operationId()).progress())
                .isEqualTo(100);
        create("d");
        assertThat(version("d")).isEqualTo(3);
    }

    @Test
    void aTenantMayBeBroughtToAnOlderVersionAndNeverBack() {
        addVersion("two");
        addVersion("three");

        Deployment second = ended(
                plane().deployments().create(project, new NewDeployment("shop", OptionalInt.of(2), List.of("a"))));
        assertThat(version("a")).isEqualTo(2);
        assertThat(version("b")).isEqualTo(1);
        ended(begin());
        Deployment back =
                ended(plane().deployments().create(project, new NewDeployment("shop", OptionalInt.of(1), List.of())));

        assertThat(back.status()).isEqualTo(Deployment.Status.COMPLETED);
        assertAppliedOnce(3);
        assertThat(plane().deployments().ofTenant(project, "a", 10, 0))
                .extracting(applied -> applied.deployment().version())
                .containsExactly(1, 3, 2);
        assertThat(second.tenants()).isEqualTo(1);
    }

    @Test
    void oneThatFailsStopsNothingElse() {
        addVersion("two");
        AtomicInteger calls = new AtomicInteger();
        engine.before = name -> {
            if (name.equals("apply") && calls.incrementAndGet() == 1) {
                throw new EngineException("it is full", false, new IllegalStateException());
            }
        };

        Deployment deployment = ended(begin());

        assertThat(deployment.status()).isEqualTo(Deployment.Status.FAILED);
        assertThat(deployment.completed()).isEqualTo(2);
        DeploymentResult failed = results(deployment).values().stream()
                .filter(result -> result.status() == DeploymentResult.Status.FAILED)
                .findFirst()
                .orElseThrow();
        assertThat(failed.detail()).isEqualTo("it is full");
        assertThat(version(failed.tenant())).isEqualTo(1);
        assertThat(plane().tenants().get(project, failed.tenant()).status()).isEqualTo(TenantStatus.READY);

        Retries.Retried again = plane().retries().retry(project, failed.tenant());

        assertThat(again)
                .isInstanceOfSatisfying(
                        Retries.Retried.Deploying.class,
                        deploying -> assertThat(ended(deploying.deployment()).status())
                                .isEqualTo(Deployment.Status.COMPLETED));
        assertAppliedOnce(2);
        refused(ErrorCode.CONFLICT, "nothing to retry", () -> plane().retries().retry(project, failed.tenant()));
    }

    @Test
    void aBrokenVersionLeavesTenantsAtTheOneBefore() {
        addVersion("two");
        addVersion("broken");

        Deployment deployment = ended(begin());

        assertThat(deployment.failed()).isEqualTo(3);
        assertAppliedOnce(2);
        assertNothingRuns();
        refused(ErrorCode.CONFLICT, "is not the newest, which is 3", () -> takeBack(2));

        takeBack(3);
        addVersion("four");

        assertThat(ended(begin()).status()).isEqualTo(Deployment.Status.COMPLETED);
        assertApplied(1, 2, 4);
        refused(ErrorCode.CONFLICT, "Tenant 'a' has version 4", () -> takeBack(4));
        refused(ErrorCode.NOT_FOUND, "Version not found: shop 5", () -> takeBack(5));
    }

    @Test
    void theNumberOfAVersionThatWasTakenBackIsNeverGivenAgain() {
        addVersion("two");
        takeBack(2);
        assertThat(plane().blueprints().get(project, "shop").currentVersion()).isEqualTo(1);
        restart();

        addVersion("three");

        assertThat(plane().blueprints().versions(project, "shop"))
                .extracting(BlueprintVersion::version)
                .containsExactly(1, 3);
        refused(ErrorCode.NOT_FOUND, "Version not found: shop 2", () -> takeBack(2));
        refused(
                ErrorCode.BAD_REQUEST,
                "version 2 of blueprint 'shop' does not exist",
                () -> plane().deployments().create(project, new NewDeployment("shop", OptionalInt.of(2), List.of())));
        assertThat(ended(begin()).status()).isEqualTo(Deployment.Status.COMPLETED);
        assertApplied(1, 3);
    }

    private void takeBack(int version) {
        plane().versionRemoval().remove(project, "shop", version);
    }

    @Test
    void aVersionThatADatabaseMayHaveIsNotTakenBack() {
        addVersion("two");
        engine.before = name -> {
            if (name.equals("applied")) {
                throw new EngineException("the answer was lost", true, new IllegalStateException());
            }
        };
        assertThat(ended(begin("a")).status()).isEqualTo(Deployment.Status.FAILED);
        engine.before = name -> {};
        assertThat(version("a")).isEqualTo(1);

        refused(ErrorCode.CONFLICT, "Tenant 'a' has version 2", () -> takeBack(2));

        assertThat(ended(begin()).status()).isEqualTo(Deployment.Status.COMPLETED);
        assertAppliedOnce(2);
        addVersion("three");
        server.down = true;
        refused(ErrorCode.CONFLICT, "cannot be asked", () -> takeBack(3));
        server.down = false;
        takeBack(3);
        assertThat(plane().blueprints().get(project, "shop").currentVersion()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apply", "applied"})
    void aKillAtTheServerAppliesNothingTwice(String call) {
        addVersion("two");
        addVersion("three");
        for (int at = 1; at <= 6; at++) {
            int deadly = at;
            AtomicInteger calls = new AtomicInteger();
            engine.before = name -> {
                if (calls.get() >= deadly || (name.equals(call) && calls.incrementAndGet() >= deadly)) {
                    throw new Killed();
                }
            };
            Deployment begun = begin();
            Awaitility.await().untilAtomic(calls, Matchers.greaterThanOrEqualTo(deadly));

            restart();

            assertThat(ended(begun).status()).isEqualTo(Deployment.Status.COMPLETED);
            int newest = 3 + 2 * (at - 1);
            assertAppliedOnce(newest);
            assertNothingRuns();
            addVersion("next");
            addVersion("and one more");
        }
    }

    @Test
    void aKillAtAnyWriteAppliesNothingTwice() {
        int newest = 1;
        int survived = 0;
        for (int reading = 0; survived < 3; reading++) {
            addVersion("next");
            newest++;
            AtomicBoolean dead = new AtomicBoolean();
            int deadly = reading;
            Deployment begun = begin(); // on this thread, which is none that is killed
            clock.readingsLeft.set(deadly);
            engine.before = name -> {
                if (clock.readingsLeft.get() < 0) {
                    throw new Killed();
                }
            };
            String id = begun.id();
            Awaitility.await().until(() -> {
                dead.set(clock.readingsLeft.get() < 0);
                return dead.get() || plane().deployments().get(project, id).status() != Deployment.Status.IN_PROGRESS;
            });

            restart();

            assertThat(ended(begun).status()).as("reading " + reading).isEqualTo(Deployment.Status.COMPLETED);
            assertAppliedOnce(newest);
            assertNothingRuns();
            survived += dead.get() ? 0 : 1;
        }
    }

    @Test
    void aTenantThatIsBusyIsWaitedForAndThenSkipped() throws InterruptedException {
        addVersion("two");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        dataPath.before = name -> {
            if (name.equals("hold")) {
                held.countDown();
                await(goOn);
            }
        };
        Thread suspension =
                Thread.ofVirtual().start(() -> plane().tenants().suspend(project, "b", SuspendTerms.standard()));
        held.await();

        Deployment deployment = ended(begin());

        assertThat(status(deployment, "b")).isEqualTo(DeploymentResult.Status.SKIPPED);
        assertThat(results(deployment).get("b").detail())
                .contains("is still running")
                .contains("(suspend)");
        assertThat(deployment.status()).isEqualTo(Deployment.Status.FAILED);
        assertThat(version("a")).isEqualTo(2);
        Deployment next = begin();
        goOn.countDown();
        suspension.join();
        assertThat(ended(next).status()).isEqualTo(Deployment.Status.COMPLETED);
        assertAppliedOnce(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tenantsInTheTrashAreLeftAsTheyAre() {
        addVersion("two");
        plane().tenants().delete(project, "b", false);
        plane().tenants().delete(project, "c", true);

        Deployment toAll = ended(begin());
        Deployment toTrash = ended(begin("b"));

        assertThat(results(toAll)).containsOnlyKeys("a");
        assertThat(toAll.status()).isEqualTo(Deployment.Status.COMPLETED);
        assertThat(status(toTrash, "b")).isEqualTo(DeploymentResult.Status.SKIPPED);
        assertThat(results(toTrash).get("b").detail()).contains("is in trash");
        plane().tenants().restore(project, "b");
        assertThat(version("b")).isEqualTo(1);
        assertThat(ended(begin("b")).status()).isEqualTo(Deployment.Status.COMPLETED);
        assertThat(version("b")).isEqualTo(2);
    }

    @Test
    void cancellingFinishesThoseWhoseTurnItIs() {
        restart(1);
        addVersion("two");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        engine.before = name -> {
            if (name.equals("apply")) {
                reached.countDown();
                await(goOn);
            }
        };
        Deployment begun = begin();
        await(reached);
        refused(ErrorCode.CONFLICT, "is being deployed", this::begin);
        String own = plane().operations().list(project, "a", 1, 0).getFirst().id();
        refused(
                ErrorCode.CONFLICT,
                "cannot be cancelled",
                () -> plane().deployments().cancel(project, own));

        plane().deployments().cancel(project, begun.operationId());
        goOn.countDown();

        Deployment deployment = ended(begun);
        assertThat(deployment.status()).isEqualTo(Deployment.Status.CANCELLED);
        assertThat(deployment.completed()).isEqualTo(1);
        assertThat(deployment.cancelled()).isEqualTo(2);
        assertThat(version("a")).isEqualTo(2);
        assertThat(version("c")).isEqualTo(1);
        assertThat(plane().operations().get(project, begun.operationId()).state())
                .isEqualTo(OperationState.CANCELLED);
        refused(ErrorCode.CONFLICT, "has ended", () -> plane().deployments().cancel(project, begun.operationId()));
    }

    @Test
    void stoppingInTheMiddleIsGoneOnWith() {
        restart(1);
        addVersion("two");
        CountDownLatch reached = new CountDownLatch(1);
        engine.before = name -> {
            if (name.equals("apply")) {
                reached.countDown();
                await(new CountDownLatch(1)); // until it is interrupted
            }
        };
        Deployment begun = begin();
        await(reached);

        restart();

        assertThat(ended(begun).status()).isEqualTo(Deployment.Status.COMPLETED);
        assertAppliedOnce(2);
    }

    @Test
    void whatIsAskedWronglyIsRefusedInWords() {
        plane().blueprints().create(project, "empty", Engine.POSTGRES);
        refused(
                ErrorCode.NOT_FOUND,
                "Blueprint not found: none",
                () -> plane().deployments().create(project, new NewDeployment("none", OptionalInt.empty(), List.of())));
        refused(
                ErrorCode.CONFLICT,
                "has no version",
                () -> plane().deployments()
                        .create(project, new NewDeployment("empty", OptionalInt.empty(), List.of())));
        refused(
                ErrorCode.BAD_REQUEST,
                "version 2 of blueprint 'shop' does not exist, the newest is 1",
                () -> plane().deployments().create(project, new NewDeployment("shop", OptionalInt.of(2), List.of())));
        refused(ErrorCode.NOT_FOUND, "Tenant not found: nobody", () -> begin("a", "nobody"));
        addVersionTo("empty");
        refused(
                ErrorCode.BAD_REQUEST,
                "tenant 'a' has no database of blueprint 'empty'",
                () -> plane().deployments()
                        .create(project, new NewDeployment("empty", OptionalInt.empty(), List.of("a"))));
        refused(
                ErrorCode.NOT_FOUND,
                "Deployment not found",
                () -> plane().deployments().get(project, "dep_none"));
        assertThat(plane().deployments().list(project, 10, 0)).isEmpty();
        Deployment ofNobody = ended(
                plane().deployments().create(project, new NewDeployment("empty", OptionalInt.empty(), List.of())));
        assertThat(ofNobody.status()).isEqualTo(Deployment.Status.COMPLETED);
        assertThat(ofNobody.tenants()).isZero();
        assertNothingRuns();
    }

    private void addVersionTo(String blueprint) {
        plane().blueprints().addVersion(project, blueprint, List.of("one"));
    }

    @Test
    void manyTenantsArriveWithinTheBound() {
        for (int i = 0; i < 40; i++) {
            create("t" + i);
        }
        addVersion("two");
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        engine.before = name -> {
            if (name.equals("apply")) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
            } else if (name.equals("applied")) {
                now.decrementAndGet();
            }
        };

        Deployment deployment = ended(begin());

        assertThat(deployment.completed()).isEqualTo(43);
        assertThat(most.get()).isBetween(1, 2);
        assertThat(Duration.between(deployment.createdAt(), deployment.endedAt().orElseThrow()))
                .isLessThan(Duration.ofSeconds(30));
    }
}
