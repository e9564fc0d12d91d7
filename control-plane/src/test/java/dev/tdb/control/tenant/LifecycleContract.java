package dev.tdb.control.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.FakeDataPath;
import dev.tdb.control.FakeEngine;
import dev.tdb.control.blueprint.BlueprintSettings;
import dev.tdb.control.cutover.FlipRequest;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.event.Event;
import dev.tdb.control.event.Subscription;
import dev.tdb.control.host.Host;
import dev.tdb.control.host.HostChange;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.key.CreatedKey;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.KeySpec;
import dev.tdb.control.key.Principal;
import dev.tdb.control.operation.Operation;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.ControlSettings;
import dev.tdb.control.plane.OperatorKeys;
import dev.tdb.control.plane.Retries;
import dev.tdb.control.plane.SecretRotation;
import dev.tdb.control.plane.TestPlane;
import dev.tdb.control.project.CreatedProject;
import dev.tdb.control.secret.EncryptionKeys;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the control plane owes its callers whatever database it keeps its state in. Servers are in memory. */
abstract class LifecycleContract {
    private static final ServerAddress FIRST = new ServerAddress("first", 5432);
    private static final ServerAddress SECOND = new ServerAddress("second", 5432);
    private static final String SHOP = "shop__acme";
    private static final Duration PATIENCE = BlueprintSettings.standard().patience();

    /** Stands for the end of the process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    Path directory;

    private final FakeEngine engine = new FakeEngine();
    private final FakeEngine.Server first = engine.at(FIRST);
    private final FakeEngine.Server second = engine.at(SECOND);
    private final FakeEngine other = new FakeEngine(Engine.MYSQL);
    private final FakeEngine.Server otherFirst = other.at(SECOND);
    private FakeDataPath dataPath = new FakeDataPath();
    private Duration later = Duration.ZERO;
    private TestPlane running;
    private ProjectId project;

    /** An empty database, the same one during a test. */
    abstract StoreSettings store();

    private ControlPlane plane() {
        return running.plane();
    }

    @BeforeEach
    void open() {
        running =
                TestPlane.open(store(), directory, dataPath, () -> Instant.now().plus(later), 4, engine, other);
        project = plane().projects().create("demo").project().id();
        plane().hosts().register(host("first", FIRST, 2));
        plane().blueprints().create(project, "shop", Engine.POSTGRES);
        plane().blueprints().addVersion(project, "shop", List.of("CREATE TABLE t (n int)"));
    }

    @AfterEach
    void close() {
        running.close();
    }

    private void restart() {
        running.close();
        engine.before = name -> {};
        other.before = engine.before;
        dataPath = new FakeDataPath();
        running =
                TestPlane.open(store(), directory, dataPath, () -> Instant.now().plus(later), 4, engine, other);
    }

    private static HostSpec host(String id, ServerAddress address, int capacity) {
        return new HostSpec(
                id,
                Engine.POSTGRES,
                address,
                ServerTls.disabled(),
                "eu-central",
                1,
                capacity,
                "admin",
                Secret.of("secret"));
    }

    private CreatedTenant create(String tenant) {
        return plane().tenants()
                .create(project, new NewTenant(tenant, List.of(new NewTenant.NewDatabase("shop", 1, ""))));
    }

    private RouteKey key(String tenant) {
        return new RouteKey(Engine.POSTGRES, project, new DatabaseName("shop", tenant));
    }

    private static void refused(
            ErrorCode code, String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ControlException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.sentence()).contains(words);
        });
    }

    private void failAt(String call) {
        engine.before = name -> {
            if (name.equals(call)) {
                throw new EngineException(call + " failed", false, new IllegalStateException());
            }
        };
        other.before = engine.before;
    }

    private void killAt(String call) {
        killAt(call, 1);
    }

    private void killAt(String call, int time) {
        AtomicInteger times = new AtomicInteger();
        engine.before = name -> {
            if (name.equals(call) && times.incrementAndGet() >= time) {
                throw new Killed();
            }
        };
        other.before = engine.before;
        dataPath.before = engine.before;
    }

    private Operation lastOperation() {
        return plane().operations().list(project, "", 1, 0).getFirst();
    }

    @Test
    void projectsHaveKeysOfTheirOwn() {
        CreatedProject other = plane().projects().create("other");

        assertThat(plane().keys().authenticate(other.apiKey().reveal()))
                .isInstanceOfSatisfying(Principal.Member.class, member -> {
                    assertThat(member.project()).isEqualTo(other.project().id());
                    assertThat(member.role()).isEqualTo(Role.ADMIN);
                });
        assertThat(plane().projects().defaultProject()).contains(project);
        assertThat(plane().projects().list()).hasSize(2);
        plane().projects().delete(other.project().id());
        refused(
                ErrorCode.UNAUTHORIZED,
                "not known",
                () -> plane().keys().authenticate(other.apiKey().reveal()));
        create("acme");
        refused(ErrorCode.CONFLICT, "has 1 tenants", () -> plane().projects().delete(project));
    }

    @Test
    void theOperatorsKeyIsShownOnceAndRotated() {
        List<Secret> shown = new ArrayList<>();
        assertThatThrownBy(() -> plane().keys().makeFirstOperator(key -> {
                    shown.add(key);
                    throw new IllegalStateException("nobody looks");
                }))
                .hasMessage("nobody looks");
        restart();
        plane().keys().makeFirstOperator(shown::add);
        plane().keys().makeFirstOperator(shown::add);
        assertThat(shown).hasSize(2);
        refused(
                ErrorCode.UNAUTHORIZED,
                "not known",
                () -> plane().keys().authenticate(shown.getFirst().reveal()));
        Secret key = shown.getLast();
        assertThat(plane().keys().authenticate(key.reveal())).isInstanceOf(Principal.Operator.class);

        Secret next = plane().keys().rotateOperator(Duration.ZERO);

        assertThat(plane().keys().authenticate(next.reveal())).isInstanceOf(Principal.Operator.class);
        refused(ErrorCode.UNAUTHORIZED, "not known", () -> plane().keys().authenticate(key.reveal()));
        restart();
        plane().keys().makeFirstOperator(shown::add);
        assertThat(shown).hasSize(2);
        assertThat(plane().keys().authenticate(next.reveal())).isInstanceOf(Principal.Operator.class);
        OperatorKeys.rotate(store(), Duration.ofHours(1), shown::add);
        assertThat(plane().keys().authenticate(shown.getLast().reveal())).isInstanceOf(Principal.Operator.class);
        assertThat(plane().keys().authenticate(next.reveal())).isInstanceOf(Principal.Operator.class);
        later = Duration.ofHours(1).plusSeconds(1);
        refused(ErrorCode.UNAUTHORIZED, "not known", () -> plane().keys().authenticate(next.reveal()));
    }

    @Test
    void whatIsAskedWronglyIsRefusedInWords() {
        refused(ErrorCode.BAD_REQUEST, "tenant_id 'a__b'", () -> create("a__b"));
        refused(
                ErrorCode.NOT_FOUND,
                "Tenant not found: acme",
                () -> plane().tenants().get(project, "acme"));
        refused(
                ErrorCode.NOT_FOUND,
                "Blueprint not found: none",
                () -> plane().tenants()
                        .create(project, new NewTenant("acme", List.of(new NewTenant.NewDatabase("none", 1, "")))));
        refused(
                ErrorCode.NOT_IMPLEMENTED,
                "dedicated tenants",
                () -> plane().tenants()
                        .create(project, new NewTenant("acme", List.of(new NewTenant.NewDatabase("shop", 2, "")))));
        refused(
                ErrorCode.CONFLICT,
                "no PostgreSQL host in region 'us-east'",
                () -> plane().tenants()
                        .create(
                                project,
                                new NewTenant("acme", List.of(new NewTenant.NewDatabase("shop", 1, "us-east")))));
        refused(
                ErrorCode.CONFLICT,
                "already exists",
                () -> plane().blueprints().create(project, "shop", Engine.POSTGRES));
        refused(ErrorCode.CONFLICT, "registered already", () -> plane().hosts().register(host("first", SECOND, 1)));
        refused(ErrorCode.CONFLICT, "registered already", () -> plane().hosts().register(host("next", FIRST, 1)));
        refused(
                ErrorCode.NOT_IMPLEMENTED,
                "Redis databases cannot be managed",
                () -> plane().hosts()
                        .register(new HostSpec(
                                "r", Engine.REDIS, SECOND, ServerTls.disabled(), "", 1, 1, "a", Secret.of("b"))));
        refused(
                ErrorCode.BAD_REQUEST,
                "there is no tenant 'nobody'",
                () -> plane().keys().create(project, new KeySpec("k", Role.READ, KeyScope.tenant("nobody"))));
        refused(
                ErrorCode.NOT_FOUND,
                "Route not found: nothing",
                () -> plane().routes().get(project, "nothing"));
        assertThat(plane().operations().list(project, "", 10, 0)).isEmpty();
    }

    @Test
    void aHostTakesAsManyTenantsAsItHasRoomFor() {
        create("one");
        create("two");
        refused(ErrorCode.CONFLICT, "there is no host", () -> create("three"));
        plane().hosts().register(host("second", SECOND, 10));
        create("three");
        assertThat(plane().routes().get(project, "shop__three").hostId()).isEqualTo("second");
        plane().hosts().update("second", new HostChange(null, null, Host.State.DRAINING, null, null));
        refused(ErrorCode.CONFLICT, "there is no host", () -> create("four"));
        refused(
                ErrorCode.CONFLICT,
                "holds 1 tenant databases",
                () -> plane().hosts().remove("second"));
        plane().tenants().delete(project, "three", true);
        plane().hosts().remove("second");
        assertThat(plane().hosts().list()).extracting(Host::id).containsExactly("first");
        assertThat(plane().hosts().get("first").databases()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"databaseFacts", "createDatabase", "createLogins", "apply"})
    void aCreationThatFailsLeavesNothing(String call) {
        failAt(call);

        refused(ErrorCode.CONFLICT, "was not created", () -> create("acme"));

        assertNothingIsLeft();
        assertThat(lastOperation().state()).isEqualTo(OperationState.ABORTED);
        engine.before = name -> {};
        assertThat(create("acme").tenant().status()).isEqualTo(TenantStatus.READY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "databaseFacts",
                "createDatabase",
                "createdDatabase",
                "createLogins",
                "createdLogins",
                "apply",
                "applied"
            })
    void aCreationThatIsKilledLeavesNothing(String call) {
        killAt(call);

        assertThatThrownBy(() -> create("acme")).isInstanceOf(Killed.class);
        restart();

        assertNothingIsLeft();
        assertThat(lastOperation().state()).isEqualTo(OperationState.ABORTED);
        assertThat(create("acme").tenant().status()).isEqualTo(TenantStatus.READY);
    }

    private void assertNothingIsLeft() {
        assertThat(plane().tenants().list(project, 10, 0)).isEmpty();
        assertThat(plane().routes().list(project, 10, 0)).isEmpty();
        assertThat(first.databases).isEmpty();
        assertThat(first.logins).isEmpty();
        assertThat(dataPath.table.routes()).isEmpty();
        assertThat(dataPath.credentials.project(project).orElseThrow().credentials())
                .isEmpty();
    }

    @Test
    void aCreationThatWasDoneSurvivesTheKill() {
        killAt("publish");

        assertThatThrownBy(() -> create("acme")).isInstanceOf(Killed.class);
        restart();

        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.READY);
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Open());
    }

    @Test
    void aCreationThatCannotBeUndoneIsFailedUntilItIsRemoved() {
        engine.before = name -> {
            if (name.equals("apply") || name.equals("dropDatabase")) {
                throw new EngineException(name + " failed", true, new IllegalStateException());
            }
        };

        refused(ErrorCode.CONFLICT, "has failed", () -> create("acme"));

        engine.before = name -> {};
        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.FAILED);
        assertThat(plane().tenants().get(project, "acme").statusDetail()).contains("dropDatabase failed");
        assertThat(lastOperation().state()).isEqualTo(OperationState.FAILED);
        plane().tenants().delete(project, "acme", true);
        assertThat(first.databases).isEmpty();
    }

    private void createWithoutWayBack() {
        engine.before = name -> {
            if (name.equals("apply") || name.equals("dropDatabase")) {
                throw new EngineException(name + " failed", true, new IllegalStateException());
            }
        };
        refused(ErrorCode.CONFLICT, "has failed", () -> create("acme"));
        engine.before = name -> {};
    }

    @Test
    void aCreationThatFailedIsGoneOnWithAndGetsItsPasswordThen() {
        createWithoutWayBack();

        Retries.Retried retried = plane().retries().retry(project, "acme");

        assertThat(retried).isInstanceOfSatisfying(Retries.Retried.Made.class, made -> {
            assertThat(made.tenant().password()).isPresent();
            assertThat(made.tenant().tenant().status()).isEqualTo(TenantStatus.READY);
        });
        assertThat(plane().tenants().get(project, "acme").statusDetail()).isEmpty();
        assertThat(first.applied).containsExactly("shop__acme 1");
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Open());
        assertThat(dataPath.credentials.project(project).orElseThrow().credentials())
                .hasSize(1);
        refused(ErrorCode.CONFLICT, "nothing to retry", () -> plane().retries().retry(project, "acme"));
    }

    @Test
    void aRetryThatFailsSaysWhyAndCanBeRetried() {
        createWithoutWayBack();
        failAt("createLogins");

        refused(
                ErrorCode.CONFLICT,
                "has failed again: createLogins failed",
                () -> plane().retries().retry(project, "acme"));

        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.FAILED);
        assertThat(plane().tenants().get(project, "acme").statusDetail()).isEqualTo("createLogins failed");
        engine.before = name -> {};
        plane().retries().retry(project, "acme");
        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.READY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"createDatabase", "createLogins", "apply", "applied"})
    void aRetryThatIsKilledLeavesTheTenantFailed(String call) {
        createWithoutWayBack();
        killAt(call);

        assertThatThrownBy(() -> plane().retries().retry(project, "acme")).isInstanceOf(Killed.class);
        restart();

        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.FAILED);
        assertThat(plane().tenants().get(project, "acme").statusDetail()).contains("the control plane stopped");
        plane().retries().retry(project, "acme");
        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.READY);
        assertThat(first.applied).containsExactly("shop__acme 1");
    }

    @Test
    void aRemovalThatFailedIsGoneOnWith() {
        create("acme");
        failAt("dropDatabase");
        refused(ErrorCode.CONFLICT, "is in trash, but", () -> plane().tenants().delete(project, "acme", true));
        engine.before = name -> {};

        assertThat(plane().retries().retry(project, "acme")).isInstanceOf(Retries.Retried.Removed.class);

        assertNothingIsLeft();
    }

    private void addDatabase() {
        plane().tenants().addDatabase(project, "acme", new NewTenant.NewDatabase("books", 1, ""));
    }

    private void prepareAddition() {
        plane().hosts()
                .register(new HostSpec(
                        "mysql",
                        Engine.MYSQL,
                        SECOND,
                        ServerTls.disabled(),
                        "eu-central",
                        1,
                        10,
                        "admin",
                        Secret.of("secret")));
        plane().blueprints().create(project, "books", Engine.MYSQL);
        plane().blueprints().addVersion(project, "books", List.of("CREATE TABLE b (n int)"));
        create("acme");
    }

    private RouteKey books() {
        return new RouteKey(Engine.MYSQL, project, new DatabaseName("books", "acme"));
    }

    @Test
    void aDatabaseIsAddedToATenant() {
        prepareAddition();

        addDatabase();

        assertThat(plane().tenants().get(project, "acme").databases())
                .extracting(TenantDatabase::blueprint)
                .containsExactly("books", "shop");
        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.READY);
        assertThat(dataPath.route(books()).state()).isEqualTo(new RouteState.Open());
        assertThat(otherFirst.applied).containsExactly("books__acme 1");
        refused(ErrorCode.CONFLICT, "has a database of blueprint 'books' already", this::addDatabase);
    }

    @ParameterizedTest
    @ValueSource(strings = {"databaseFacts", "createDatabase", "createLogins", "apply"})
    void anAdditionThatFailsOrIsKilledLeavesTheTenantAsItWas(String call) {
        prepareAddition();
        failAt(call);
        refused(ErrorCode.CONFLICT, "was not added: " + call + " failed", this::addDatabase);
        assertNothingWasAdded();

        killAt(call);
        assertThatThrownBy(this::addDatabase).isInstanceOf(Killed.class);
        restart();

        assertNothingWasAdded();
        addDatabase();
        assertThat(plane().tenants().get(project, "acme").databases()).hasSize(2);
    }

    private void assertNothingWasAdded() {
        assertThat(plane().tenants().get(project, "acme").databases()).hasSize(1);
        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.READY);
        assertThat(otherFirst.databases).isEmpty();
        assertThat(otherFirst.logins).isEmpty();
        assertThat(dataPath.table.routes()).hasSize(1);
        assertThat(lastOperation().state()).isEqualTo(OperationState.ABORTED);
    }

    @Test
    void anAdditionThatWasDoneSurvivesTheKill() {
        prepareAddition();
        killAt("publish");

        assertThatThrownBy(this::addDatabase).isInstanceOf(Killed.class);
        restart();

        assertThat(plane().tenants().get(project, "acme").databases()).hasSize(2);
        assertThat(dataPath.route(books()).state()).isEqualTo(new RouteState.Open());
        assertThat(lastOperation().state()).isEqualTo(OperationState.SUCCEEDED);
    }

    @Test
    void theTrashIsEmptiedOfWhatWasLongEnoughInIt() {
        create("acme");
        create("globex");
        plane().tenants().delete(project, "acme", false);
        later = Duration.ofDays(6);
        plane().tenants().delete(project, "globex", false);

        plane().emptyTrash();

        assertThat(plane().tenants().list(project, 10, 0)).hasSize(2);
        later = ControlSettings.TRASH_KEPT.plusMinutes(1);
        plane().emptyTrash();
        assertThat(plane().tenants().list(project, 10, 0))
                .extracting(Tenant::id)
                .containsExactly("globex");
        assertThat(first.databases).containsExactly("shop__globex");
        plane().tenants().restore(project, "globex");
    }

    @ParameterizedTest
    @CsvSource({"publish, 1", "dropDatabase, 1", "dropped, 1", "publish, 2"})
    void aPurgeThatIsKilledIsGoneOnWith(String call, int time) {
        create("acme");
        plane().tenants().delete(project, "acme", false);
        later = ControlSettings.TRASH_KEPT;
        killAt(call, time);

        assertThatThrownBy(() -> plane().emptyTrash()).isInstanceOf(Killed.class);
        restart();

        assertNothingIsLeft();
        assertThat(lastOperation().type()).isEqualTo("purge");
        assertThat(lastOperation().state()).isEqualTo(OperationState.SUCCEEDED);
    }

    @Test
    void whatCannotBePurgedIsTriedAgain() {
        create("acme");
        plane().tenants().delete(project, "acme", false);
        later = ControlSettings.TRASH_KEPT;
        failAt("dropDatabase");

        plane().emptyTrash();

        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.DELETED);
        engine.before = name -> {};
        plane().emptyTrash(); // Too soon after the failure.
        assertThat(plane().tenants().list(project, 10, 0)).hasSize(1);
        later = later.plusMinutes(2);
        plane().emptyTrash();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"publish, 1", "dropDatabase, 1", "dropped, 1", "publish, 2"})
    void aRemovalThatIsKilledIsGoneOnWith(String call, int time) {
        create("acme");
        killAt(call, time);

        assertThatThrownBy(() -> plane().tenants().delete(project, "acme", true))
                .isInstanceOf(Killed.class);
        restart();

        assertNothingIsLeft();
        assertThat(lastOperation().state()).isEqualTo(OperationState.SUCCEEDED);
    }

    @Test
    void aRemovalThatFailsLeavesTheTenantInTheTrash() {
        create("acme");
        failAt("dropDatabase");

        refused(ErrorCode.CONFLICT, "is in trash, but", () -> plane().tenants().delete(project, "acme", true));

        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.DELETED);
        refused(
                ErrorCode.CONFLICT,
                "is being removed for good",
                () -> plane().tenants().restore(project, "acme"));
        refused(ErrorCode.CONFLICT, "is being removed for good", () -> create("acme"));
        engine.before = name -> {};
        plane().tenants().delete(project, "acme", true);
        assertNothingIsLeft();
    }

    @Test
    void aRemovalThatFailedIsGoneOnWithWheneverTheTrashIsEmptied() {
        create("acme");
        failAt("dropDatabase");
        refused(ErrorCode.CONFLICT, "is in trash, but", () -> plane().tenants().delete(project, "acme", true));
        engine.before = name -> {};

        plane().emptyTrash();

        assertNothingIsLeft();
    }

    @Test
    void howLongQueriesWaitIsSaidByTheSuspensionOrElseByTheBlueprint() {
        prepareAddition();
        addDatabase();
        plane().blueprints().change(project, "shop", new BlueprintSettings(Duration.ofMinutes(5)));

        plane().tenants().suspend(project, "acme", SuspendTerms.standard());

        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Suspended(Duration.ofMinutes(5)));
        assertThat(dataPath.route(books()).state()).isEqualTo(new RouteState.Suspended(PATIENCE));
        plane().blueprints().change(project, "shop", new BlueprintSettings(Duration.ZERO));
        restart();
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Suspended(Duration.ofMinutes(5)));
        plane().tenants().resume(project, "acme");
        plane().tenants().suspend(project, "acme", SuspendTerms.standard());
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Suspended(Duration.ZERO));
        plane().tenants().resume(project, "acme");
        plane().tenants().suspend(project, "acme", new SuspendTerms(Duration.ofSeconds(7), false, Duration.ZERO));
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Suspended(Duration.ofSeconds(7)));
        assertThat(plane().blueprints().get(project, "shop").settings().patience())
                .isZero();
        refused(
                ErrorCode.BAD_REQUEST,
                "settings.patience must be between 0s and 1h",
                () -> new BlueprintSettings(Duration.ofHours(2)));
        refused(
                ErrorCode.NOT_FOUND,
                "Blueprint not found: nosuch",
                () -> plane().blueprints().change(project, "nosuch", BlueprintSettings.standard()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "publish"})
    void aSuspensionThatIsKilledStands(String call) {
        create("acme");
        killAt(call);

        assertThatThrownBy(() -> plane().tenants().suspend(project, "acme", SuspendTerms.standard()))
                .isInstanceOf(Killed.class);
        restart();

        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.SUSPENDED);
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(new RouteState.Suspended(PATIENCE));
        assertThat(lastOperation().state()).isEqualTo(OperationState.SUCCEEDED);
        plane().tenants().resume(project, "acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "publish"})
    void aResumptionThatIsKilledStands(String call) {
        create("acme");
        plane().tenants().suspend(project, "acme", SuspendTerms.standard());
        killAt(call);

        assertThatThrownBy(() -> plane().tenants().resume(project, "acme")).isInstanceOf(Killed.class);
        restart();

        assertStands(TenantStatus.READY, new RouteState.Open());
    }

    @Test
    void aTenantStaysInTheTrashWhateverKillsTheCall() {
        create("acme");
        killAt("publish");

        assertThatThrownBy(() -> plane().tenants().delete(project, "acme", false))
                .isInstanceOf(Killed.class);
        restart();

        assertStands(TenantStatus.DELETED, new RouteState.Deleted());
        plane().tenants().restore(project, "acme");
    }

    @Test
    void aRestorationThatIsKilledStands() {
        create("acme");
        plane().tenants().suspend(project, "acme", SuspendTerms.standard());
        plane().tenants().delete(project, "acme", false);
        killAt("publish");

        assertThatThrownBy(() -> plane().tenants().restore(project, "acme")).isInstanceOf(Killed.class);
        restart();

        assertStands(TenantStatus.SUSPENDED, new RouteState.Suspended(PATIENCE));
    }

    /** What was acknowledged by nobody, but written, is there, and its operation has ended. */
    private void assertStands(TenantStatus status, RouteState state) {
        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(status);
        assertThat(dataPath.route(key("acme")).state()).isEqualTo(state);
        assertThat(lastOperation().state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(dataPath.standing).hasValue(0);
    }

    @Test
    void aSingleRouteIsSuspendedAndResumed() {
        create("acme");

        Suspension suspension =
                plane().routes().suspend(project, SHOP, new SuspendTerms(Duration.ZERO, false, Duration.ZERO));

        assertThat(suspension.status()).isEqualTo(TenantStatus.SUSPENDED);
        assertThat(plane().routes().get(project, SHOP).state()).isEqualTo(new RouteState.Suspended(Duration.ZERO));
        refused(
                ErrorCode.CONFLICT,
                "is suspended",
                () -> plane().routes().suspend(project, SHOP, SuspendTerms.standard()));
        plane().routes().resume(project, SHOP);
        assertThat(plane().tenants().get(project, "acme").status()).isEqualTo(TenantStatus.READY);
    }

    @Test
    void keysOfATenantGoWithIt() {
        create("acme");
        CreatedKey own = plane().keys().create(project, new KeySpec("own", Role.READ, KeyScope.tenant("acme")));
        CreatedKey wide = plane().keys().create(project, new KeySpec("wide", Role.READ, KeyScope.blueprint("shop")));

        plane().tenants().delete(project, "acme", true);

        refused(
                ErrorCode.UNAUTHORIZED,
                "not known",
                () -> plane().keys().authenticate(own.key().reveal()));
        assertThat(plane().keys().authenticate(wide.key().reveal())).isNotNull();
        assertThat(plane().keys().list(project)).hasSize(2);
    }

    @Test
    void aFlipIsDurableAndListed() {
        create("acme");
        second.databases.add(SHOP);

        plane().routes().flip(project, SHOP, FlipRequest.to(SECOND));
        restart();

        assertThat(dataPath.route(key("acme")).epoch()).isEqualTo(2);
        assertThat(dataPath.route(key("acme")).target().address()).isEqualTo(SECOND);
        assertThat(plane().operations().list(project, "acme", 10, 0))
                .extracting(Operation::type)
                .containsExactly("flip", "create");
        assertThat(lastOperation().progress()).isEqualTo(100);
        assertThat(lastOperation().database()).isEqualTo(SHOP);
    }

    @Test
    void changesAreTold() throws InterruptedException {
        try (Subscription subscription = plane().events().subscribe(project.value())) {
            create("acme");
            plane().tenants().suspend(project, "acme", SuspendTerms.standard());

            List<String> types = new ArrayList<>();
            Optional<Event> event = subscription.next(Duration.ofMillis(10));
            while (event.isPresent()) {
                types.add(event.get().type() + " "
                        + event.get()
                                .data()
                                .getOrDefault("state", event.get().data().get("status")));
                event = subscription.next(Duration.ofMillis(10));
            }
            assertThat(types)
                    .containsExactly(
                            "operation running",
                            "operation succeeded",
                            "tenant.status ready",
                            "operation running",
                            "operation succeeded",
                            "tenant.status suspended",
                            "hold null");
        }
    }

    @Test
    void secretsAreEncryptedAnewWithANewKeyAndTheOldOneMayGo() throws IOException {
        create("acme");
        Target before = dataPath.route(key("acme")).target();
        running.close();
        Path keys = directory.resolve("keys");
        List<String> old = Files.readAllLines(keys);
        assertThat(EncryptionKeys.addTo(keys)).isEqualTo("k2");

        // Two secrets of the installation, one administrator, and a login for each role.
        assertThat(SecretRotation.run(store(), keys)).isEqualTo(new SecretRotation.Result("k2", 6, 0));

        assertThat(SecretRotation.run(store(), keys)).isEqualTo(new SecretRotation.Result("k2", 0, 6));
        List<String> both = Files.readAllLines(keys);
        assertThat(both).containsAll(old);
        Files.write(keys, both.subList(0, 1));
        restart();
        assertThat(dataPath.route(key("acme")).target()).isEqualTo(before);
        plane().tenants().delete(project, "acme", true);
        assertNothingIsLeft();
    }

    @Test
    void aSecretThatCannotBeReadLeavesAllAsTheyWere() throws IOException {
        create("acme");
        running.close();
        Path keys = directory.resolve("keys");
        List<String> old = Files.readAllLines(keys);
        Files.writeString(keys, "other=" + "ab".repeat(32) + "\n");

        assertThatThrownBy(() -> SecretRotation.run(store(), keys))
                .hasMessageContaining("encryption key k1 is missing");

        Files.write(keys, old);
        restart();
        assertThat(dataPath.route(key("acme")).target().logins()).hasSize(3);
    }

    private void inControlDatabase(String sql) {
        StoreSettings settings = store();
        try (Connection connection = DriverManager.getConnection(
                        settings.jdbcUrl(), settings.user(), settings.password().reveal());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** From the next call of this name on the control database takes no end of an operation. */
    private void takeNoEndFrom(String call) {
        AtomicInteger times = new AtomicInteger();
        Consumer<String> before = name -> {
            if (name.equals(call) && times.incrementAndGet() == 1) {
                inControlDatabase("ALTER TABLE operation_steps RENAME TO steps_away");
            }
        };
        engine.before = before;
        dataPath.before = before;
    }

    private void takeEndsAgain() {
        engine.before = name -> {};
        dataPath.before = engine.before;
        inControlDatabase("ALTER TABLE steps_away RENAME TO operation_steps");
    }

    @Test
    void anEndThatTheControlDatabaseDoesNotTakeIsWrittenWhenItDoes() {
        create("acme");
        takeNoEndFrom("publish");

        refused(
                ErrorCode.UNAVAILABLE,
                "control database",
                () -> plane().tenants().suspend(project, "acme", SuspendTerms.standard()));

        takeEndsAgain();
        await().untilAsserted(() -> assertStands(TenantStatus.SUSPENDED, new RouteState.Suspended(PATIENCE)));
        plane().tenants().resume(project, "acme");
    }

    @Test
    void aCreationWhoseEndCannotBeWrittenLeavesNothingInTheEnd() {
        takeNoEndFrom("createLogins");

        refused(ErrorCode.UNAVAILABLE, "control database", () -> create("acme"));

        takeEndsAgain();
        await().untilAsserted(() -> assertThat(lastOperation().state()).isEqualTo(OperationState.ABORTED));
        assertNothingIsLeft();
        create("acme");
    }

    @Test
    void aRemovalWhoseEndCannotBeWrittenIsGoneOnWith() {
        create("acme");
        takeNoEndFrom("dropped");

        refused(
                ErrorCode.UNAVAILABLE,
                "control database",
                () -> plane().tenants().delete(project, "acme", true));

        takeEndsAgain();
        await().untilAsserted(() -> assertThat(lastOperation().state()).isEqualTo(OperationState.SUCCEEDED));
        assertNothingIsLeft();
    }

    @Test
    void whatIsThereTwiceIsRefusedInWords() throws Exception {
        create("acme");
        refused(
                ErrorCode.BAD_REQUEST,
                "scope_values names the same tenant twice",
                () -> new KeyScope(KeyScope.Type.TENANT, List.of("acme", "acme")));
        List<Future<Integer>> versions = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                versions.add(threads.submit(() -> plane().blueprints()
                        .addVersion(project, "shop", List.of("SELECT 1"))
                        .version()));
            }
        }
        List<Integer> numbers = new ArrayList<>();
        for (Future<Integer> version : versions) {
            try {
                numbers.add(version.get());
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                ControlException.class,
                                refusal -> assertThat(refusal.code()).isIn(ErrorCode.CONFLICT, ErrorCode.UNAVAILABLE));
            }
        }
        assertThat(numbers).isNotEmpty().doesNotHaveDuplicates();
        assertThat(plane().blueprints().get(project, "shop").currentVersion()).isEqualTo(numbers.size() + 1);
    }

    @Test
    void manyAtOnceEndConsistently() throws Exception {
        plane().hosts().update("first", new HostChange(null, 1000, null, null, null));
        List<Future<?>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 60; i++) {
                String tenant = "t" + i % 12;
                int kind = i / 12;
                calls.add(threads.submit(tolerant(() -> switch (kind) {
                    case 0, 1 -> create(tenant);
                    case 2 -> plane().tenants().suspend(project, tenant, SuspendTerms.standard());
                    case 3 -> plane().tenants().resume(project, tenant);
                    default -> plane().tenants().delete(project, tenant, i(tenant) % 2 == 0);
                })));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }

        List<Tenant> tenants = plane().tenants().list(project, 100, 0);
        assertThat(plane().operations().list(project, "", 1000, 0))
                .noneMatch(operation -> operation.state() == OperationState.RUNNING)
                .noneMatch(operation -> operation.state() == OperationState.FAILED);
        assertThat(dataPath.table.routes()).hasSize(tenants.size());
        assertThat(first.databases)
                .containsExactlyInAnyOrderElementsOf(
                        tenants.stream().map(tenant -> "shop__" + tenant.id()).toList());
        assertThat(dataPath.standing).hasValue(0);
    }

    private static int i(String tenant) {
        return Integer.parseInt(tenant.substring(1));
    }

    /** Refusals are what callers who race each other get; anything else is not. */
    private static Callable<Object> tolerant(Callable<Object> call) {
        return () -> {
            try {
                return call.call();
            } catch (ControlException e) {
                assertThat(e.code()).isIn(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND);
                return e;
            }
        };
    }
}
