package dev.tdb.control.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.LocalMySql;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.QueryBounds;
import dev.tdb.control.engine.QueryResult;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.control.secret.Tokens;
import dev.tdb.local.MySqlServer;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.BackendLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the control plane is promised by servers of the MySQL family, whichever product they are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MySqlEngineContract {
    private static final int ACCESS_DENIED = 1045;
    private static final ApplyTerms TERMS = new ApplyTerms(Duration.ofSeconds(1), 2, Duration.ofSeconds(20));
    private static int tenants;

    private final MySqlAdapter engine = MySqlAdapter.standard();
    private String database = "";
    private List<TenantLogin> logins = List.of();

    abstract MySqlServer server();

    @BeforeEach
    void makeTenant() {
        tenants++;
        database = "shop__t" + tenants;
        logins = newLogins();
        engine.createDatabase(admin(), database);
        engine.createLogins(admin(), database, logins);
    }

    private AdminAccess admin() {
        return LocalMySql.admin(server(), "127.0.0.1");
    }

    private static List<TenantLogin> newLogins() {
        return List.of(newLogin(Role.READ), newLogin(Role.WRITE), newLogin(Role.ADMIN));
    }

    private static TenantLogin newLogin(Role role) {
        return new TenantLogin(role, new BackendLogin(Tokens.backendUser(), Tokens.backendPassword()));
    }

    private static BackendLogin of(List<TenantLogin> logins, Role role) {
        return logins.stream()
                .filter(login -> login.role() == role)
                .findFirst()
                .orElseThrow()
                .login();
    }

    private BackendLogin login(Role role) {
        return of(logins, role);
    }

    private static List<String> users(List<TenantLogin> logins) {
        return logins.stream().map(login -> login.login().user()).toList();
    }

    private Connection enter(BackendLogin login) throws SQLException {
        return new MySqlConnector(Duration.ofSeconds(5), Duration.ofSeconds(20))
                .tenant(admin().address(), admin().tls(), database, login);
    }

    private void run(BackendLogin login, String... statements) throws SQLException {
        try (Connection connection = enter(login)) {
            Sql.run(connection, statements);
        }
    }

    private String asked(BackendLogin login, String sql) throws SQLException {
        try (Connection connection = enter(login)) {
            return Sql.one(connection, sql);
        }
    }

    private String atServer(String sql, Object... parameters) throws SQLException {
        try (Connection connection = server().connect("")) {
            return String.join(",", Sql.column(connection, sql, parameters));
        }
    }

    private VersionScript version(int number, String... statements) {
        String mark = Tokens.sha256Hex(database + number + List.of(statements));
        return new VersionScript(number, List.of(statements), mark);
    }

    private void apply(VersionScript... versions) {
        engine.apply(admin(), database, login(Role.ADMIN), List.of(versions), TERMS);
    }

    @Test
    void eachRoleMayDoItsOwnAndNoMore() throws SQLException {
        run(login(Role.ADMIN), "CREATE TABLE t (n INT)");

        run(login(Role.WRITE), "INSERT INTO t VALUES (1)");

        assertThat(asked(login(Role.READ), "SELECT n FROM t")).isEqualTo("1");
        assertThatThrownBy(() -> run(login(Role.WRITE), "CREATE TABLE u (n INT)"))
                .hasMessageContaining("denied");
        assertThatThrownBy(() -> run(login(Role.READ), "INSERT INTO t VALUES (2)"))
                .hasMessageContaining("denied");
        logins.forEach(login -> engine.checkLogin(admin().address(), admin().tls(), database, login));
    }

    @Test
    void anUnderscoreInTheNameIsNoWayIntoAnother() throws SQLException {
        String similar = database.replace("__", "xx");
        try (Connection connection = server().connect("")) {
            Sql.run(connection, "CREATE DATABASE " + similar, "CREATE TABLE " + similar + ".t (n INT)");
        }

        assertThatThrownBy(() -> run(login(Role.ADMIN), "SELECT * FROM " + similar + ".t"))
                .hasMessageContaining("denied");
    }

    @Test
    void whatExistsIsCompletedNotMadeAgain() throws SQLException {
        run(login(Role.ADMIN), "CREATE TABLE t (n INT)");

        engine.createDatabase(admin(), database);
        engine.createLogins(admin(), database, logins);

        assertThat(asked(login(Role.READ), "SELECT COUNT(*) FROM t")).isEqualTo("0");
    }

    @Test
    void aFencedLoginIsEndedAndKeptOutUntilItIsLetInAgain() throws SQLException {
        try (Connection busy = enter(login(Role.WRITE));
                Statement statement = busy.createStatement()) {
            engine.fence(admin(), database, users(logins));

            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> enter(login(Role.WRITE))).hasMessageContaining("locked");
        engine.unfence(admin(), database, users(logins));
        assertThat(asked(login(Role.WRITE), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void twoAddressesOfOneServerAreKnownAsSuch() {
        assertThat(engine.isSameServer(admin(), LocalMySql.admin(server(), "localhost")))
                .isTrue();
    }

    @Test
    void factsAreThoseOfTheDatabase() {
        apply(version(1, "CREATE TABLE t (n INT)"));

        assertThat(engine.databaseFacts(admin(), database).exists()).isTrue();
        assertThat(engine.databaseFacts(admin(), database).encoding()).isEqualTo("utf8mb4");
        assertThat(engine.databaseFacts(admin(), database).sizeBytes()).isPositive();
        assertThat(engine.databaseFacts(admin(), "shop__nobody").exists()).isFalse();
        assertThat(engine.serverFacts(admin()).replica()).isFalse();
    }

    @Test
    void aVersionIsAppliedOnce() throws SQLException {
        VersionScript first = version(1, "CREATE TABLE t (n INT)", "INSERT INTO t VALUES (1)");
        VersionScript second = version(2, "UPDATE t SET n = n + 1", "ALTER TABLE t ADD COLUMN m INT");
        assertThat(engine.hasVersion(admin(), database, first)).isFalse();

        apply(first);
        apply(first, second);
        apply(first, second);

        assertThat(asked(login(Role.READ), "SELECT n FROM t")).isEqualTo("2");
        assertThat(engine.hasVersion(admin(), database, second)).isTrue();
        assertThat(engine.hasVersion(admin(), database, version(2, "another"))).isFalse();
    }

    @Test
    void whatFailedHalfWayIsGoneOnWithWhereItStopped() throws SQLException {
        VersionScript version = version(
                1,
                "SET @first = 7",
                "CREATE TABLE t (n INT)",
                "INSERT INTO t VALUES (@first)",
                "INSERT INTO missing VALUES (@first)");
        assertThatThrownBy(() -> apply(version))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("statement 4 of version 1");
        run(login(Role.ADMIN), "CREATE TABLE missing (n INT)");

        apply(version);

        assertThat(asked(login(Role.READ), "SELECT COUNT(*) FROM t")).isEqualTo("1");
        assertThat(asked(login(Role.READ), "SELECT n FROM missing")).isEqualTo("7");
    }

    @Test
    void aVersionWhoseFirstStatementFailsWasNeverBegun() {
        VersionScript version = version(1, "ALTER TABLE missing ADD COLUMN n INT");

        assertThatThrownBy(() -> apply(version)).isInstanceOf(EngineException.class);

        assertThat(engine.hasVersion(admin(), database, version)).isFalse();
    }

    @Test
    void aStatementThatRanBeforeAKillIsNotRunAgain() throws SQLException {
        apply(version(1, "CREATE TABLE t (n INT)"));
        VersionScript version = version(2, "ALTER TABLE t ADD COLUMN m INT", "INSERT INTO t VALUES (1, 2)");
        beginAndDie(version, "ALTER TABLE t ADD COLUMN m INT");
        assertThat(engine.hasVersion(admin(), database, version)).isTrue();

        apply(version);

        assertThat(asked(login(Role.READ), "SELECT m FROM t")).isEqualTo("2");
    }

    @Test
    void aStatementThatDidNotRunBeforeAKillIsRun() throws SQLException {
        apply(version(1, "CREATE TABLE t (n INT)"));
        VersionScript version = version(2, "ALTER TABLE t ADD COLUMN m INT", "INSERT INTO t VALUES (1, 2)");
        beginAndDie(version);

        apply(version);

        assertThat(asked(login(Role.READ), "SELECT m FROM t")).isEqualTo("2");
    }

    /** Leaves what a process leaves that is killed between writing that it begins a statement and that it is done. */
    private void beginAndDie(VersionScript version, String... ran) throws SQLException {
        try (Connection connection = enter(login(Role.ADMIN))) {
            String picture = SchemaPicture.of(connection, database);
            Sql.run(
                    connection,
                    "INSERT INTO tdb_versions (version, mark, done, picture) VALUES (" + version.version() + ", '"
                            + version.mark() + "', 0, '" + picture + "')");
            Sql.run(connection, ran);
        }
    }

    @Test
    void aLockThatIsNotHadInTimeIsSaid() throws SQLException {
        apply(version(1, "CREATE TABLE t (n INT)"));
        try (Connection busy = enter(login(Role.WRITE))) {
            busy.setAutoCommit(false);
            Sql.run(busy, "INSERT INTO t VALUES (1)");

            assertThatThrownBy(() -> apply(version(2, "ALTER TABLE t ADD COLUMN m INT")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("a lock was not had within 1000 ms, in 2 attempts");
        }
    }

    @Test
    void whatATenantPutsInThePlaceOfTheMarksIsNotRunByTheAdministrator() throws SQLException {
        apply(version(1, "CREATE TABLE t (n INT)"));
        run(
                login(Role.ADMIN),
                "CREATE FUNCTION who() RETURNS INT READS SQL DATA SQL SECURITY INVOKER"
                        + " BEGIN SET @ran = 1; RETURN (SELECT COUNT(*) FROM mysql.user); END",
                "DROP TABLE tdb_versions",
                "CREATE SQL SECURITY INVOKER VIEW tdb_versions AS SELECT who() AS version, 'm' AS mark, 1 AS done,"
                        + " 'p' AS picture");

        assertThatThrownBy(() -> engine.hasVersion(admin(), database, version(1, "CREATE TABLE t (n INT)")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("BASE TABLE");
    }

    @Test
    void aViewGoesOnWorkingWhenTheLoginThatMadeItIsReplaced() throws SQLException {
        run(
                login(Role.ADMIN),
                "CREATE TABLE t (n INT)",
                "CREATE VIEW v AS SELECT n FROM t",
                "INSERT INTO t VALUES (5)");
        List<TenantLogin> former = logins;
        logins = newLogins();
        engine.createLogins(admin(), database, logins);

        engine.dropLogins(admin(), database, users(former));

        assertThat(asked(login(Role.READ), "SELECT n FROM v")).isEqualTo("5");
        assertThatThrownBy(() -> enter(of(former, Role.ADMIN))).isInstanceOf(SQLException.class);
        assertThat(atServer(
                        "SELECT User FROM mysql.user WHERE User IN (?, ?)",
                        users(former).toArray()[0],
                        users(former).toArray()[1]))
                .isEmpty();
        engine.dropDatabase(admin(), database, users(logins));
        assertThat(atServer(
                        "SELECT User FROM mysql.user WHERE User = ?",
                        of(former, Role.ADMIN).user()))
                .isEmpty();
    }

    @Test
    void aDatabaseIsRemovedWithWhoIsInIt() throws SQLException {
        run(login(Role.ADMIN), "CREATE TABLE t (n INT)");
        try (Connection busy = enter(login(Role.WRITE))) {
            busy.setAutoCommit(false);
            Sql.run(busy, "INSERT INTO t VALUES (1)");

            engine.dropDatabase(admin(), database, users(logins));
            engine.dropDatabase(admin(), database, users(logins));
        }

        assertThat(engine.databaseFacts(admin(), database).exists()).isFalse();
        assertThat(atServer(
                        "SELECT User FROM mysql.user WHERE User = ?",
                        login(Role.WRITE).user()))
                .isEmpty();
    }

    @Test
    void aPasswordThatALoginHasChangedIsPutBack() throws SQLException {
        assertThat(engine.mendLogins(admin(), Map.of(database, logins))).isEmpty();
        run(login(Role.WRITE), ownPassword());
        assertThatThrownBy(() -> enter(login(Role.WRITE)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(ACCESS_DENIED));

        assertThat(engine.mendLogins(admin(), Map.of(database, logins)))
                .containsExactly(login(Role.WRITE).user());

        assertThat(asked(login(Role.WRITE), "SELECT 1")).isEqualTo("1");
        assertThat(engine.mendLogins(admin(), Map.of(database, logins))).isEmpty();
    }

    /** The statement with which a login changes its password. */
    abstract String ownPassword();

    @Test
    void aFencedLoginIsNotOpenedByMending() {
        engine.fence(admin(), database, users(logins));

        assertThat(engine.mendLogins(admin(), Map.of(database, logins))).isEmpty();

        assertThatThrownBy(() -> enter(login(Role.WRITE))).hasMessageContaining("locked");
    }

    private QueryResult query(String sql, QueryBounds bounds) {
        return engine.query(admin().address(), admin().tls(), database, login(Role.WRITE), sql, bounds);
    }

    @Test
    void aQueryAnswersValuesAsJsonHasThem() {
        QueryResult result = query(
                "SELECT 1 AS n, 2.5 AS d, 'x' AS t, NULL AS nothing, X'00ff' AS b, CAST('2026-02-03 04:05:06' AS"
                        + " DATETIME) AS at",
                QueryBounds.standard());

        assertThat(result.columns()).containsExactly("n", "d", "t", "nothing", "b", "at");
        assertThat(result.rows().getFirst().stream().map(String::valueOf))
                .containsExactly("1", "2.5", "x", "null", "0x00ff", "2026-02-03T04:05:06");
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void aQueryIsBounded() {
        apply(version(1, "CREATE TABLE t (n INT)", "INSERT INTO t VALUES (1), (2), (3), (4), (5)"));
        QueryBounds two = new QueryBounds(2, 1000, Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(query("SELECT n FROM t", two).rows()).hasSize(2);
        assertThat(query("SELECT n FROM t", two).truncated()).isTrue();
        assertThat(query("UPDATE t SET n = n + 1", two).rowCount()).isEqualTo(5);
        assertThatThrownBy(() -> query("SELECT COUNT(*) FROM t a, t b, t c, t d WHERE SLEEP(1) = 0", two))
                .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> query("SELECT REPEAT('x', 20000000)", two))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("16 MiB");
        assertThatThrownBy(() -> query("SELECT 1; SELECT 2", two)).isInstanceOf(EngineException.class);
    }

    @Test
    void anErrorOfTheServerHasItsCode() {
        assertThatThrownBy(() -> query("SELECT * FROM missing", QueryBounds.standard()))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.code()).isEqualTo("1146");
                    assertThat(e.sentence()).doesNotContain("conn=").contains("missing");
                });
    }
}
