package dev.tdb.control.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.control.FakeDataPath;
import dev.tdb.control.FakeEngine;
import dev.tdb.control.host.HostSpec;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.ControlSettings;
import dev.tdb.control.plane.TestPlane;
import dev.tdb.control.store.StoreSettings;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kill before any write of any call about a tenant: after the next start the call was made or it was not. */
class KilledLifecycleTest {
    private static final ServerAddress ADDRESS = new ServerAddress("first", 5432);
    private static final String ABSENT = "absent";

    /** Stands for the end of the process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A clock that ends the process at one of its readings, and whoever reads it later; each write reads it. */
    private static final class DeadlyClock implements InstantSource {
        private final Thread victim = Thread.currentThread();
        private final AtomicInteger readingsLeft = new AtomicInteger(Integer.MAX_VALUE);
        private volatile boolean dead;
        private volatile Duration later = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(later);
        }

        @Override
        public long millis() {
            dead |= Thread.currentThread().equals(victim) && readingsLeft.decrementAndGet() < 0;
            if (dead) {
                throw new Killed();
            }
            return instant().toEpochMilli();
        }

        void revive() {
            readingsLeft.set(Integer.MAX_VALUE);
            dead = false;
        }
    }

    /** What is asked, and the tenant's status before and after it. */
    enum Call {
        CREATE(ABSENT, "ready"),
        SUSPEND("ready", "suspended"),
        RESUME("suspended", "ready"),
        TRASH("ready", "deleted"),
        RESTORE("deleted", "ready"),
        DELETE("ready", ABSENT),
        PURGE("deleted", ABSENT);

        private final String before;
        private final String after;

        Call(String before, String after) {
            this.before = before;
            this.after = after;
        }
    }

    @TempDir
    Path directory;

    private final FakeEngine engine = new FakeEngine();
    private final FakeEngine.Server server = engine.at(ADDRESS);
    private final DeadlyClock clock = new DeadlyClock();
    private FakeDataPath dataPath = new FakeDataPath();
    private TestPlane running;
    private ProjectId project;

    @BeforeEach
    void start() {
        open();
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
        plane().blueprints().addVersion(project, "shop", List.of("CREATE TABLE t (n int)"));
    }

    private void open() {
        dataPath = new FakeDataPath();
        running = TestPlane.open(
                StoreSettings.sqlite(directory.resolve("control.db")), directory, dataPath, clock, 2, engine);
    }

    private ControlPlane plane() {
        return running.plane();
    }

    @AfterEach
    void close() {
        clock.revive();
        running.close();
    }

    private void restart() {
        running.close();
        clock.revive();
        open();
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatIsKilledBeforeAnyOfItsWritesWasMadeOrWasNot(Call call) {
        int writes = 0;
        boolean killed = true;
        while (killed) {
            String tenant = "t" + writes;
            prepare(call, tenant);
            clock.readingsLeft.set(writes);

            killed = isKilled(call, tenant);

            restart();
            assertThat(status(tenant)).as("killed before write " + writes).isIn(call.before, call.after);
            assertOneStory();
            if (status(tenant).equals(call.before)) {
                make(call, tenant);
            }
            assertThat(status(tenant)).isEqualTo(call.after);
            assertOneStory();
            writes += killed ? 1 : 0;
        }
        assertThat(writes).as("kills").isPositive();
    }

    private void prepare(Call call, String tenant) {
        if (call == Call.CREATE) {
            return;
        }
        make(Call.CREATE, tenant);
        switch (call) {
            case RESUME -> make(Call.SUSPEND, tenant);
            case RESTORE, PURGE -> make(Call.TRASH, tenant);
            case CREATE, SUSPEND, TRASH, DELETE -> {}
        }
    }

    private boolean isKilled(Call call, String tenant) {
        try {
            make(call, tenant);
            return false;
        } catch (Killed _) {
            return true;
        }
    }

    private void make(Call call, String tenant) {
        switch (call) {
            case CREATE ->
                plane().tenants()
                        .create(project, new NewTenant(tenant, List.of(new NewTenant.NewDatabase("shop", 1, ""))));
            case SUSPEND -> plane().tenants().suspend(project, tenant, SuspendTerms.standard());
            case RESUME -> plane().tenants().resume(project, tenant);
            case TRASH -> plane().tenants().delete(project, tenant, false);
            case RESTORE -> plane().tenants().restore(project, tenant);
            case DELETE -> plane().tenants().delete(project, tenant, true);
            case PURGE -> {
                clock.later = clock.later.plus(ControlSettings.TRASH_KEPT);
                plane().emptyTrash();
            }
        }
    }

    private String status(String tenant) {
        return plane().tenants().list(project, 100, 0).stream()
                .filter(there -> there.id().equals(tenant))
                .map(there -> there.status().word())
                .findFirst()
                .orElse(ABSENT);
    }

    /** Tenants, routes, server and journal say the same. */
    private void assertOneStory() {
        List<String> databases = plane().tenants().list(project, 100, 0).stream()
                .map(tenant -> "shop__" + tenant.id())
                .toList();
        assertThat(server.databases).containsExactlyInAnyOrderElementsOf(databases);
        assertThat(server.logins).hasSize(3 * databases.size());
        assertThat(dataPath.table.routes()).hasSize(databases.size());
        assertThat(dataPath.standing).hasValue(0);
        assertThat(plane().operations().list(project, "", 1000, 0))
                .extracting(operation -> operation.state())
                .doesNotContain(OperationState.RUNNING, OperationState.FAILED);
    }
}
