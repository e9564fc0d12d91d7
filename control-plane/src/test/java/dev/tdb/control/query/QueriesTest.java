package dev.tdb.control.query;

import static dev.tdb.control.LocalPostgres.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.FakeDataPath;
import dev.tdb.control.LocalPostgres;
import dev.tdb.control.engine.QueryResult;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.TestPlane;
import dev.tdb.control.postgres.PostgresAdapter;
import dev.tdb.control.querylog.LogEntry;
import dev.tdb.control.querylog.LogFilter;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.Engine;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Queries of the API on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesTest {
    @TempDir
    static Path temp;

    private PostgresServer server;
    private TestPlane running;
    private ProjectId project;

    @BeforeAll
    void start() throws SQLException {
        server = LocalPostgres.start(temp.resolve("server"));
        running = TestPlane.open(temp.resolve("state"), new FakeDataPath(), PostgresAdapter.standard());
        project = plane().projects().create("demo").project().id();
        plane().hosts().register(LocalPostgres.host("pg-1", server));
        plane().blueprints().create(project, "shop", Engine.POSTGRES);
        plane().blueprints()
                .addVersion(
                        project,
                        "shop",
                        List.of(
                                "CREATE TABLE items (n int PRIMARY KEY, name text)",
                                "INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, 2500) i",
                                "CREATE FUNCTION sneaky() RETURNS void LANGUAGE plpgsql AS"
                                        + " $$ BEGIN EXECUTE 'CREATE TABLE sneaked (n int)'; END $$"));
        for (String tenant : List.of("acme", "globex", "initech")) {
            plane().tenants().create(project, new NewTenant(tenant, List.of(new NewTenant.NewDatabase("shop", 1, ""))));
        }
        plane().tenants().suspend(project, "initech", SuspendTerms.standard());
    }

    @AfterAll
    void stop() {
        running.close();
        server.close();
    }

    private ControlPlane plane() {
        return running.plane();
    }

    private static AdminQuery query(String statement) {
        return new AdminQuery("shop", statement, "key_1", "203.0.113.7");
    }

    private QueryResult ask(String statement) {
        return plane().queries().ask(project, "acme", query(statement)).result();
    }

    private void refused(ErrorCode code, String words, String statement) {
        assertThatThrownBy(() -> ask(statement)).isInstanceOfSatisfying(ControlException.class, e -> {
            assertThat(e.sentence()).contains(words);
            assertThat(e.code()).isEqualTo(code);
        });
    }

    @Test
    void valuesHaveTheTypesOfJson() {
        QueryResult result =
                ask("SELECT 1 AS a, 9007199254740993::bigint, 1.50::numeric, true, null, 'x', 'NaN'::float8, '{\"k\":"
                    + " [1]}'::jsonb, '2026-01-02 03:04:05.6+02'::timestamptz, '2026-01-02'::date, '\\x00ff'::bytea,"
                    + " '{1,2}'::int[], 'infinity'::timestamptz");

        List<Object> row = result.rows().getFirst();
        assertThat(result.columns()).hasSize(13).startsWith("a");
        assertThat(row.subList(0, 7))
                .isEqualTo(Arrays.asList(1L, 9007199254740993L, new BigDecimal("1.50"), true, null, "x", "NaN"));
        assertThat(((JsonNode) row.get(7)).at("/k/0").asInt()).isEqualTo(1);
        assertThat(row.subList(8, 13))
                .containsExactly("2026-01-02T01:04:05.600Z", "2026-01-02", "\\x00ff", "{1,2}", "infinity");
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void rowsAndBytesAreBounded() {
        QueryResult many = ask("SELECT * FROM items ORDER BY n");
        assertThat(many.rows()).hasSize(1000);
        assertThat(many.truncated()).isTrue();
        assertThat(many.rows().get(999).getFirst()).isEqualTo(1000L);
        assertThat(ask("SELECT * FROM items WHERE n <= 1000").truncated()).isFalse();

        QueryResult wide = ask("SELECT repeat('x', 1000000) FROM generate_series(1, 10)");
        assertThat(wide.rows()).hasSize(4);
        assertThat(wide.truncated()).isTrue();
        refused(ErrorCode.BAD_REQUEST, "", "SELECT repeat('x', 100000000)");
    }

    @Test
    void changesAreCountedAndCommitted() {
        assertThat(ask("UPDATE items SET name = 'changed' WHERE n > 2490").rowCount())
                .isEqualTo(10);
        assertThat(ask("SELECT count(*) FROM items WHERE name = 'changed'").rows())
                .containsExactly(List.of(10L));
        assertThat(ask("DELETE FROM items WHERE n = 2400 RETURNING name").rows())
                .containsExactly(List.of("item 2400"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE x (n int)",
                " /* a /* nested */ comment */ -- and\n drop table items",
                "Alter Table items ADD COLUMN x int",
                "TRUNCATE items",
                "GRANT ALL ON items TO PUBLIC",
                "VACUUM"
            })
    void definitionsAreRefusedByTheirWords(String statement) {
        refused(ErrorCode.BAD_REQUEST, "is DDL", statement);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ;; -- nothing", "COMMIT", "SET ROLE postgres", "COPY items TO STDOUT", "DO $$ BEGIN END $$"
            })
    void whatIsNoQueryIsRefused(String statement) {
        refused(ErrorCode.BAD_REQUEST, "the query ", statement);
    }

    @Test
    void onlyOneStatementIsTaken() {
        refused(ErrorCode.BAD_REQUEST, "more than one statement", "SELECT 1; SELECT 2");
        assertThat(ask("SELECT ';', $$;$$, E'\\';' ; -- the end;").rows()).hasSize(1);
    }

    @Test
    void definitionsThatWordsDoNotGiveAwayAreRefusedByTheServer() {
        refused(ErrorCode.PERMISSION_DENIED, "42501", "SELECT sneaky()");
        refused(ErrorCode.PERMISSION_DENIED, "42501", "SELECT * INTO copied FROM items");
        refused(ErrorCode.PERMISSION_DENIED, "42501", "EXPLAIN ANALYZE CREATE TABLE copied AS SELECT 1");
        refused(ErrorCode.BAD_REQUEST, "42P01", "SELECT * FROM copied");
    }

    @Test
    void faultsAreTheCallersAndSaidInTheServersWords() {
        refused(ErrorCode.BAD_REQUEST, "column \"nosuch\" does not exist", "SELECT nosuch FROM items");
        refused(ErrorCode.BAD_REQUEST, "division by zero", "SELECT 1 / 0");
    }

    @Test
    void tenantsOnHoldAreNotAsked() {
        assertThatThrownBy(() -> plane().queries().ask(project, "initech", query("SELECT 1")))
                .isInstanceOfSatisfying(ControlException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(e.sentence()).contains("suspended").contains("/resume");
                });
    }

    @Test
    void allTenantsAnswerEachForItself() throws SQLException {
        try (Connection admin = server.connect("shop__globex")) {
            run(admin, "ALTER TABLE items RENAME COLUMN name TO title");
        }

        List<TenantAnswer> answers = plane().queries().askAll(project, query("SELECT name FROM items WHERE n = 1"));

        assertThat(answers).extracting(TenantAnswer::tenant).containsExactly("acme", "globex", "initech");
        assertThat(answers.get(0))
                .isInstanceOfSatisfying(
                        TenantAnswer.Answered.class,
                        answered -> assertThat(answered.result().rows()).containsExactly(List.of("item 1")));
        assertThat(answers.get(1))
                .isInstanceOfSatisfying(
                        TenantAnswer.Refused.class,
                        refused -> assertThat(refused.errorCode()).isEqualTo("42703"));
        assertThat(answers.get(2))
                .isInstanceOfSatisfying(
                        TenantAnswer.Refused.class,
                        refused -> assertThat(refused.error()).contains("suspended"));
    }

    @Test
    void queriesOfTheApiAreInTheQueryLog() {
        ask("SELECT 'to be found in the log'");

        LogFilter filter = new LogFilter(10, 0, null, "TO BE FOUND", QueryEvent.Source.API, null, null);
        List<LogEntry> found = Awaitility.await()
                .until(
                        () -> plane().queryLog().search(project, "acme", filter).entries(),
                        entries -> !entries.isEmpty());

        assertThat(found).singleElement().satisfies(entry -> {
            assertThat(entry.user()).isEqualTo("key_1");
            assertThat(entry.success()).isTrue();
            assertThat(entry.rows()).isEqualTo(1);
        });
    }
}
