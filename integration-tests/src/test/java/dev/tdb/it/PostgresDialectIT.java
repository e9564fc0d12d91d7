package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.testkit.contract.Pace;
import dev.tdb.testkit.contract.RawClient;
import dev.tdb.testkit.contract.Reply;
import dev.tdb.testkit.contract.Unit;
import dev.tdb.testkit.contract.Who;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contracts' equipment against a server without a proxy: what it says of the proxy it must say of PostgreSQL. */
final class PostgresDialectIT {
    private static PostgresSite site;

    private final PostgresDialect dialect = new PostgresDialect();

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        site = new PostgresSite(TestServers.postgres(directory).start());
    }

    @AfterAll
    static void stop() throws SQLException {
        site.close();
    }

    @BeforeEach
    void clear() {
        site.clear();
    }

    @Test
    void aPipelineSentInOneGoLeavesItsTracesInOrder() throws IOException {
        try (RawClient client = client()) {
            List<Unit> units = dialect.pipeline(0);
            client.send(units.toArray(Unit[]::new));

            List<Integer> expected = new ArrayList<>();
            for (Unit unit : units) {
                for (int reply = 0; reply < unit.replies(); reply++) {
                    assertThat(client.receive()).isInstanceOf(Reply.Done.class);
                }
                expected.addAll(unit.traces());
            }
            assertThat(site.traces()).isEqualTo(expected);
            assertThat(client.hearsNothing(Duration.ofMillis(50))).isTrue();
        }
    }

    @Test
    void aLoginMayComeByteByByte() throws IOException {
        try (RawClient client = dialect.dial(site.address())) {
            assertThat(client.login(who(), Pace.BYTE_BY_BYTE)).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    void aWrongPasswordIsTheServersLastWord() throws IOException {
        try (RawClient client = dialect.dial(site.address())) {
            Reply reply = client.login(who().withPassword("not it"), Pace.WHOLE);

            assertThat(reply).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
                assertThat(failed.code()).isEqualTo("28P01");
                assertThat(failed.last()).isTrue();
            });
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
        }
    }

    @Test
    void longRepliesAndRequestsAreAsLongAsAsked() throws IOException {
        try (RawClient client = client()) {
            assertThat(dialect.longRequest(1 << 20).bytes().length()).isGreaterThan(1 << 20);
            assertThat(client.call(dialect.longRequest(1 << 20))).isInstanceOf(Reply.Done.class);
            assertThat(client.call(dialect.longReply(1 << 20)))
                    .isInstanceOfSatisfying(
                            Reply.Done.class, done -> assertThat(done.bytes()).isGreaterThan(1 << 20));
        }
    }

    @Test
    void aSlowUnitRunsUntilItIsCancelledByWhoKnowsTheSecret() throws IOException {
        try (RawClient client = client()) {
            client.send(dialect.slow());
            await().until(() -> site.running() == 1);
            client.cancelWithWrongSecret();
            assertThat(client.hearsNothing(Duration.ofMillis(200))).isTrue();

            client.cancel();

            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed -> assertThat(failed.code()).isEqualTo(dialect.cancelledCode()));
            assertThat(client.call(dialect.ask())).isInstanceOf(Reply.Done.class);
        }
    }

    @Test
    void aSessionThatTheServerEndsIsToldOnceAndIsGone() throws IOException {
        try (RawClient client = client()) {
            site.endSessions();

            assertThat(client.receive()).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
                assertThat(failed.code()).isEqualTo("57P01");
                assertThat(failed.last()).isTrue();
            });
            assertThat(client.receive()).isEqualTo(new Reply.Gone());
        }
    }

    @Test
    void aTransactionShowsItsTracesWhenItEnds() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.call(dialect.begin())).isInstanceOf(Reply.Done.class);
            assertThat(client.call(dialect.traceInTransaction(1))).isInstanceOf(Reply.Done.class);
            assertThat(site.traces()).isEmpty();
            assertThat(client.call(dialect.commit())).isInstanceOf(Reply.Done.class);
            assertThat(site.traces()).containsExactly(1);
        }
    }

    private RawClient client() throws IOException {
        RawClient client = dialect.dial(site.address());
        assertThat(client.login(who(), Pace.WHOLE)).isInstanceOf(Reply.Done.class);
        return client;
    }

    private static Who who() {
        BackendLogin login = Objects.requireNonNull(site.logins().get(Role.WRITE));
        return new Who(login.user(), login.password(), site.database());
    }
}
