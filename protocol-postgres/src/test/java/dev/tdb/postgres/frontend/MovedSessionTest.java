package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.bind;
import static dev.tdb.postgres.frontend.ClientBytes.closeStatement;
import static dev.tdb.postgres.frontend.ClientBytes.execute;
import static dev.tdb.postgres.frontend.ClientBytes.parse;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ClientBytes.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.postgres.backend.PostgresServerProtocol;
import dev.tdb.postgres.backend.PostgresSessionState;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.relay.KeptBytes;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session is described on one database of a real server, and built up again on another. */
class MovedSessionTest {
    @TempDir
    static Path folder;

    private static RawServer server;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = new RawServer(folder.resolve("server"));
        for (String database : new String[] {"one", "two"}) {
            server.execute(
                    database,
                    "CREATE TABLE item (id int, name text); INSERT INTO item VALUES (1, 'a'), (2, 'b');"
                            + " CREATE SCHEMA evil; GRANT ALL ON SCHEMA evil TO PUBLIC; GRANT ALL ON item TO PUBLIC");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** One session on database one, to be moved to database two. */
    private static final class Moving implements AutoCloseable {
        final TestTalk talk;
        final Map<String, String> startup;
        final RawLink from;

        Moving(Map<String, String> startup) throws IOException {
            this(startup, KeptBytes.unbounded());
        }

        Moving(Map<String, String> startup, KeptBytes room) throws IOException {
            this.startup = startup;
            talk = new TestTalk(startup, room);
            from = new RawLink(server, "one", startup);
            talk.conversation.welcome(from.facts());
            talk.port.takeSent();
        }

        void run(String... statements) throws IOException {
            for (String statement : statements) {
                from.relay(talk.conversation, 1, query(statement));
            }
        }

        Described describe() throws IOException {
            Described described = from.ask(talk.conversation.describe(from.facts()));
            assertThat(talk.port.takeSent()).isEmpty();
            assertThat(from.value("SELECT 'free'")).isEqualTo("free");
            return described;
        }

        PostgresSessionState state() throws IOException {
            return (PostgresSessionState) ((Described.Movable) describe()).state();
        }

        String reason() throws IOException {
            return ((Described.Unmovable) describe()).reason();
        }

        /** On a fresh link to database two. */
        RawLink moved() throws IOException {
            PostgresSessionState state = state();
            RawLink to = new RawLink(server, "two", startup);
            Optional<String> failure = to.ask(talk.conversation.replay(state, to.facts()));
            assertThat(failure).isEmpty();
            talk.conversation.movedTo(to.facts());
            return to;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }

    @Test
    void aSessionThatHasDoneNothingHasNoStateBeyondItsLogin() throws IOException {
        try (Moving session = new Moving(Map.of("application_name", "shop", "DateStyle", "German, DMY"))) {
            PostgresSessionState state = session.state();

            assertThat(state.settings()).isEmpty();
            assertThat(state.customSettings()).isEmpty();
            assertThat(state.role()).isEqualTo("none");
            assertThat(state.prepared()).isEmpty();
            assertThat(state.parsed()).isEmpty();
            assertThat(state.unnamed()).isEmpty();
            assertThat(state.subscribed()).isFalse();
        }
    }

    @Test
    void settingsAreWhatTheyWere() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run(
                    "SET search_path = public, \"My \"\"Schema\", evil",
                    "SET work_mem = '5MB'",
                    "SET DateStyle = 'SQL, DMY'",
                    "SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE",
                    "SET application_name = 'it''s \\ mine'",
                    "SET lock_timeout = 1",
                    "SET default_transaction_read_only = on",
                    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                    "SET enable_seqscan = off",
                    "RESET enable_seqscan");

            try (RawLink to = session.moved()) {
                assertThat(to.value("SHOW search_path")).isEqualTo("public, \"My \"\"Schema\", evil");
                assertThat(to.value("SHOW work_mem")).isEqualTo("5MB");
                assertThat(to.value("SHOW DateStyle")).isEqualTo("SQL, DMY");
                assertThat(to.value("SHOW TimeZone")).isEqualTo("<-08>+08");
                assertThat(to.value("SHOW application_name")).isEqualTo("it's \\ mine");
                assertThat(to.value("SHOW lock_timeout")).isEqualTo("1ms");
                assertThat(to.value("SHOW default_transaction_read_only")).isEqualTo("on");
                assertThat(to.value("SHOW default_transaction_isolation")).isEqualTo("serializable");
                assertThat(to.value("SELECT source FROM pg_settings WHERE name = 'enable_seqscan'"))
                        .isEqualTo("default");
            }
        }
    }

    @Test
    void aStatementTimeoutNeitherStopsTheQuestionNorIsLost() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("SET statement_timeout = 20");
            try (RawLink to = session.moved()) {
                assertThat(session.from.value("SHOW statement_timeout")).isEqualTo("20ms");
                assertThat(to.value("SHOW statement_timeout")).isEqualTo("20ms");
            }
        }
    }

    @Test
    void aStatementTimeoutOfTheLoginIsLeftToTheLogin() throws IOException {
        try (Moving session = new Moving(Map.of("statement_timeout", "90s"))) {
            assertThat(session.state().settings()).isEmpty();
            assertThat(session.from.value("SHOW statement_timeout")).isEqualTo("90s");
        }
    }

    @Test
    void customSettingsKeepTheirValuesAndNobodyElsesDo() throws IOException {
        String zoe = new String("Zoë".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Moving session = new Moving(Map.of())) {
            session.run(
                    "SET app.tenant = 'acme; DROP'",
                    "SELECT set_config('app.who', '" + zoe + "''s', false), set_config('App.Other', 'x', false)",
                    "BEGIN; SET LOCAL app.local = 'gone'; COMMIT",
                    "BEGIN; SET app.back = 'gone'; ROLLBACK",
                    "SET SESSION \"app\".\"quoted\" TO 'q'",
                    "SELECT 'SET app.text = 1'");

            try (RawLink to = session.moved()) {
                assertThat(to.value("SHOW app.tenant")).isEqualTo("acme; DROP");
                assertThat(to.value("SHOW app.who")).isEqualTo(zoe + "'s");
                assertThat(to.value("SHOW app.other")).isEqualTo("x");
                assertThat(to.value("SHOW app.quoted")).isEqualTo("q");
                assertThat(to.value("SELECT current_setting('app.local', true) = ''"))
                        .isEqualTo("t");
                assertThat(to.value("SELECT current_setting('app.back', true) = ''"))
                        .isEqualTo("t");
                assertThat(to.value("SELECT current_setting('app.text', true) IS NULL"))
                        .isEqualTo("t");
            }
        }
    }

    @Test
    void aCustomSettingWithoutALiteralNameMakesASessionStay() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("SELECT set_config('app.' || 'x', 'y', true)");
            session.state();

            session.run("SELECT set_config('app.' || 'x', 'y', false)");
            assertThat(session.reason()).isEqualTo("custom setting of unknown name");

            session.run("DISCARD ALL");
            session.state();
        }
    }

    @Test
    void theRoleIsWhatItWas() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("SET ROLE reader");
            try (RawLink to = session.moved()) {
                assertThat(to.value("SELECT current_user, session_user")).isEqualTo("reader|tenant");
                to.query("RESET ROLE");
                assertThat(to.value("SELECT current_user")).isEqualTo("tenant");
            }
        }
    }

    @Test
    void statementsOfTheProtocolCanBeBoundAgain() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.from.relay(
                    session.talk.conversation,
                    2,
                    parse("by id", "SELECT name FROM item WHERE id = 2"),
                    parse("gone", "SELECT 1"),
                    closeStatement("gone"),
                    parse("Sql Gone", "SELECT 1"),
                    sync(),
                    parse("", "SELECT 'unnamed'"),
                    sync());
            session.from.relay(
                    session.talk.conversation,
                    1,
                    parse("x", "DEALLOCATE \"Sql Gone\""),
                    bind("", "x"),
                    execute(),
                    sync());

            try (RawLink to = session.moved()) {
                assertThat(to.rows(bind("", "by id"), execute(), sync())).containsExactly("b");
                assertThat(to.rows(bind("", ""), execute(), sync())).containsExactly("unnamed");
                assertThat(to.query("SELECT name FROM pg_prepared_statements ORDER BY name"))
                        .containsExactly("by id", "x");
            }
            // And where the session came from, the question has not taken its unnamed statement away.
            assertThat(session.from.rows(bind("", "by id"), execute(), sync())).containsExactly("b");
        }
    }

    @Test
    void theQuestionLeavesTheUnnamedStatementWhereItIs() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.from.relay(session.talk.conversation, 1, parse("", "SELECT 'still here'"), sync());
            session.from.ask(session.talk.conversation.describe(session.from.facts()));

            assertThat(session.from.rows(bind("", ""), execute(), sync())).containsExactly("still here");
        }
    }

    @Test
    void aSessionWithoutAnUnnamedStatementHasNoneAfterwards() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("SET work_mem = '5MB'");
            try (RawLink to = session.moved()) {
                assertThat(to.rows(bind("", ""), execute(), sync())).containsExactly("26000");
            }
        }
    }

    @Test
    void statementsOfSqlAreThereAndNothingBesideThemIsRunAgain() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run(
                    "PREPARE plain(int) AS SELECT name FROM item WHERE id = $1",
                    "SELECT ';'; PREPARE \"Odd \"\"Name\" AS SELECT 'a;b', $tag$;$tag$ ; INSERT INTO item VALUES (3,"
                            + " 'once')");
            try (RawLink to = session.moved()) {
                assertThat(to.query("EXECUTE plain(1)")).containsExactly("a");
                assertThat(to.query("EXECUTE \"Odd \"\"Name\"")).containsExactly("a;b|;");
                assertThat(to.value("SELECT count(*) FROM item WHERE name = 'once'"))
                        .isEqualTo("0");
            }
        }
    }

    @Test
    void whatItListensToIsHeardAgain() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("LISTEN plain", "LISTEN \"Odd \"\"Channel; x\"");
            assertThat(session.state().subscribed()).isTrue();
            try (RawLink to = session.moved()) {
                assertThat(to.query("SELECT * FROM pg_listening_channels() AS l ORDER BY l"))
                        .containsExactly("Odd \"Channel; x", "plain");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "temporary table|CREATE TEMP TABLE t (a int)",
                "temporary table|CREATE TEMP SEQUENCE s",
                "temporary table|CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "temporary table|CREATE DOMAIN pg_temp.d AS int",
                "advisory lock|SELECT pg_advisory_lock(4711)",
                "advisory lock|SELECT pg_try_advisory_lock_shared(1, 2)",
                "cursor with hold|DECLARE c CURSOR WITH HOLD FOR SELECT 1",
            })
    void someStateCannotMove(String reason, String statement) throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run(statement);
            assertThat(session.reason()).isEqualTo(reason);

            session.run("DISCARD ALL");
            session.state();
        }
    }

    @Test
    void whatIsTemporaryNoLongerKeepsNobody() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("CREATE TEMP TABLE t (a int PRIMARY KEY, b text)", "DROP TABLE t");
            assertThat(session.state().settings()).isEmpty();
        }
    }

    @Test
    void warmingALinkUpLeavesNoTraceOnIt() throws IOException {
        try (RawLink link = new RawLink(server, "one", Map.of())) {
            assertThat(link.ask(
                            new PostgresServerProtocol().warmUp(link.facts()).orElseThrow()))
                    .isTrue();
            assertThat(link.value("SELECT count(*) FROM pg_prepared_statements"))
                    .isEqualTo("0");
        }
    }

    @Test
    void aStatementTooLargeToKeepMakesASessionStay() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            String large = "SELECT 1 /*" + "x".repeat(2 << 20) + "*/";
            session.from.relay(session.talk.conversation, 1, parse("large", large), sync());
            assertThat(session.reason()).isEqualTo("large statement");

            session.from.relay(session.talk.conversation, 1, closeStatement("large"), sync());
            session.run("PREPARE large AS " + large);
            assertThat(session.reason()).isEqualTo("large statement");
        }
    }

    @Test
    void aStatementThatThereIsNoRoomForMakesASessionStay() throws IOException {
        try (Moving session = new Moving(Map.of(), new KeptBytes(2_000))) {
            session.from.relay(session.talk.conversation, 1, parse("small", "SELECT 1"), sync());
            assertThat(session.state().parsed()).hasSize(1);

            String more = "SELECT 1 /*" + "x".repeat(2_000) + "*/";
            session.from.relay(session.talk.conversation, 1, parse("more", more), sync());
            assertThat(session.reason()).isEqualTo("no room for prepared statements");

            session.from.relay(session.talk.conversation, 1, closeStatement("more"), sync());
            assertThat(session.state().parsed()).hasSize(1);
        }
    }

    @Test
    void aStatementThatTheNewServerCannotPrepareIsTheReason() throws IOException, SQLException {
        server.execute("one", "CREATE TABLE only_here (a int); GRANT ALL ON only_here TO PUBLIC");
        try (Moving session = new Moving(Map.of())) {
            session.from.relay(session.talk.conversation, 1, parse("s", "SELECT a FROM only_here"), sync());
            PostgresSessionState state = session.state();
            try (RawLink to = new RawLink(server, "two", Map.of())) {
                assertThat(to.ask(session.talk.conversation.replay(state, to.facts())))
                        .contains("prepared statement");
            }
        }
    }

    @Test
    void aRoleThatTheNewServerDoesNotHaveIsTheReason() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("SET ROLE reader");
            PostgresSessionState state = session.state();
            PostgresSessionState other = new PostgresSessionState(
                    state.settings(),
                    state.customSettings(),
                    "nobody here",
                    state.prepared(),
                    state.parsed(),
                    state.unnamed(),
                    state.channels());
            try (RawLink to = new RawLink(server, "two", Map.of())) {
                assertThat(to.ask(session.talk.conversation.replay(other, to.facts())))
                        .contains("role");
                assertThat(to.value("SELECT 'at a safe point'")).isEqualTo("at a safe point");
            }
        }
    }

    @Test
    void aHostileSearchPathChangesNeitherQuestionNorReplay() throws IOException {
        try (RawLink other = new RawLink(server, "one", Map.of());
                Moving session = new Moving(Map.of())) {
            String fails = "LANGUAGE plpgsql AS 'BEGIN RAISE ''evil''; END'";
            other.query("CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text " + fails);
            other.query("CREATE FUNCTION evil.eq(text, text) RETURNS boolean " + fails);
            other.query("CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.eq)");
            other.query("CREATE OPERATOR evil.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.eq)");
            other.query("CREATE VIEW evil.pg_settings AS SELECT 1 / 0 AS name");
            session.run("SET search_path = evil, pg_catalog", "SET app.x = 'y'");
            assertThat(session.from.value("SELECT 'a'::text = 'a'::text")).isEqualTo("P0001");
            PostgresSessionState state = session.state();
            assertThat(state.settings())
                    .containsExactly(new PostgresSessionState.Setting("search_path", "evil, pg_catalog"));
            assertThat(state.customSettings()).containsExactly(new PostgresSessionState.Setting("app.x", "y"));
            session.moved().close();
        }
    }

    @ParameterizedTest
    @CsvSource({"LATIN1,ISO-8859-1,Grüße", "SJIS,Shift_JIS,表示ソ能", "EUC_JP,EUC-JP,表示", "GB18030,GB18030,中文字"})
    void whatIsWrittenInAnotherEncodingArrivesAsItWas(String encoding, String charset, String text) throws IOException {
        String bytes = new String(text.getBytes(Charset.forName(charset)), StandardCharsets.ISO_8859_1);
        try (Moving session = new Moving(Map.of())) {
            session.run(
                    "SET client_encoding = '" + encoding + "'",
                    "SET app.word = '" + bytes + "'",
                    "PREPARE word AS SELECT '" + bytes + "'",
                    "LISTEN \"" + bytes + "\"");
            session.from.relay(session.talk.conversation, 1, parse("p" + bytes, "SELECT '" + bytes + "!'"), sync());
            try (RawLink to = session.moved()) {
                assertThat(to.value("SHOW client_encoding")).isEqualTo(encoding);
                assertThat(to.value("SHOW app.word")).isEqualTo(bytes);
                assertThat(to.value("EXECUTE word")).isEqualTo(bytes);
                assertThat(to.value("SELECT * FROM pg_listening_channels()")).isEqualTo(bytes);
                assertThat(to.rows(bind("", "p" + bytes), execute(), sync())).containsExactly(bytes + "!");
            }
        }
    }

    @Test
    void backslashesMeanWhatTheyMeantToTheSession() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run(
                    "SET backslash_quote = on",
                    "SET standard_conforming_strings = off",
                    "SET app.x = 'a\\'b'",
                    "SET application_name = 'c\\\\d'");
            try (RawLink to = session.moved()) {
                assertThat(to.value("SHOW standard_conforming_strings")).isEqualTo("off");
                assertThat(to.value("SHOW app.x")).isEqualTo("a'b");
                assertThat(to.value("SHOW application_name")).isEqualTo("c\\d");
            }
        }
    }

    @Test
    void theClientIsToldWhatTheNewServerSaysOtherwise() throws IOException {
        try (Moving session = new Moving(Map.of())) {
            session.run("SET application_name = 'mine'");
            session.talk.port.takeSent();
            session.moved().close();
            // Replayed, so it is what it was: nothing differs.
            assertThat(session.talk.port.takeSent()).isEmpty();

            session.talk.conversation.movedTo(TestTalk.facts(Map.of("server_version", "19.1", "in_hot_standby", "on")));
            session.talk.client(ClientBytes.query("SELECT 1"));
            assertThat(session.talk.port.takeSent())
                    .containsExactlyInAnyOrder(ClientBytes.all(
                            ServerBytes.parameter("server_version", "19.1"),
                            ServerBytes.parameter("in_hot_standby", "on")));
        }
    }

    @Test
    void theQuestionDisturbsNeitherSequencesNorTheClient() throws IOException, SQLException {
        server.execute("one", "CREATE SEQUENCE seq; GRANT ALL ON SEQUENCE seq TO PUBLIC");
        try (Moving session = new Moving(Map.of())) {
            session.run("SELECT nextval('seq')", "SET client_min_messages = debug5");
            session.from.ask(session.talk.conversation.describe(session.from.facts()));

            assertThat(session.talk.port.takeSent()).isEmpty();
            assertThat(session.from.query("SELECT currval('seq')")).contains("1");
        }
    }

    @Test
    void aNotificationThatComesMeanwhileReachesTheClient() throws IOException {
        try (Moving session = new Moving(Map.of());
                RawLink other = new RawLink(server, "one", Map.of())) {
            session.run("LISTEN news");
            other.query("NOTIFY news");
            session.from.ask(session.talk.conversation.describe(session.from.facts()));

            assertThat(session.talk.port.takeSent())
                    .startsWith((byte) 'A')
                    .contains("news\0".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void transactionsThatWouldWaitByDefaultDoNotMakeTheQuestionWait() throws IOException {
        try (Moving session = new Moving(Map.of());
                RawLink other = new RawLink(server, "one", Map.of())) {
            session.run(
                    "SET default_transaction_isolation = serializable",
                    "SET default_transaction_read_only = on",
                    "SET default_transaction_deferrable = on");
            other.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
            other.query("SELECT * FROM item");

            Described described = session.from.ask(session.talk.conversation.describe(session.from.facts()));

            assertThat(described).isInstanceOf(Described.Movable.class);
        }
    }
}
