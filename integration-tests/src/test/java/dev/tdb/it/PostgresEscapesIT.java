package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.cutover.FlipRequest.OnDeadline;
import dev.tdb.control.cutover.FlipResult;
import dev.tdb.local.PostgresServer;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.ServerAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/**
 * Two tenants on one server: one tries, with each role it can have and through the proxy, to get out of its database; the
 * other is full of canaries. The proof behind docs/adr/0008-apart-on-a-server.md.
 */
final class PostgresEscapesIT {
    private static final String INTRUDER = "acme";
    private static final String NEIGHBOUR = "globex";
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private static final Map<Role, Endpoint> doors = new EnumMap<>(Role.class);
    private static PostgresServer server;
    private static Installation installation;
    private static Connection neighbour;
    private static Map<String, String> names;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = TestServers.postgres(directory.resolve("server"))
                .setting("max_prepared_transactions", "4")
                .start();
        installation = Installation.start(
                directory.resolve("state"),
                List.of(
                        "CREATE TABLE items (name text)",
                        "INSERT INTO items VALUES ('first')",
                        "CREATE SEQUENCE numbers"));
        installation.host("one", "127.0.0.1", server);
        installation.tenant(INTRUDER);
        installation.tenant(NEIGHBOUR);
        for (Role role : Role.values()) {
            doors.put(role, installation.tenant(INTRUDER, role));
        }
        neighbour = installation.tenant(NEIGHBOUR, Role.ADMIN).connect("ApplicationName", "globex worker");
        furnish();
        names = names();
    }

    @AfterAll
    static void stop() throws SQLException {
        neighbour.close();
        installation.close();
        server.close();
    }

    /** Everything that has a name has the neighbour's: whoever finds "globex" has seen too much. */
    private static void furnish() throws SQLException {
        run(neighbour, "CREATE TABLE canary (secret text)", "INSERT INTO canary VALUES ('globex secret')");
        run(neighbour, "BEGIN", "INSERT INTO canary VALUES ('globex prepared')", "PREPARE TRANSACTION 'globex canary'");
        run(neighbour, "SELECT lo_from_bytea(4711, 'globex object')", "LISTEN globex", "SELECT pg_advisory_lock(4711)");
        try (Connection root = server.connect("postgres")) {
            run(root, "COMMENT ON DATABASE it__globex IS 'of globex'");
            run(root, "ALTER ROLE ALL IN DATABASE it__globex SET app.owner = 'globex'");
        }
    }

    private static Map<String, String> names() throws SQLException {
        try (Connection root = server.connect("postgres");
                Connection me = doors.get(Role.READ).connect()) {
            return Map.of(
                    "db", Installation.database(INTRUDER),
                    "me", ask(me, "SELECT session_user"),
                    "theirs", Installation.database(NEIGHBOUR),
                    "owner", ask(neighbour, "SELECT current_user"),
                    "login", ask(neighbour, "SELECT session_user"),
                    "pid", ask(neighbour, "SELECT pg_backend_pid()"),
                    "dboid", ask(root, "SELECT oid FROM pg_database WHERE datname = 'it__globex'"),
                    "root", server.superuser().user());
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).as(sql).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }

    private static List<Escape> of(Role role) {
        return switch (role) {
            case READ ->
                Stream.of(Escape.anybody(), Escape.notOwners(), Escape.readers())
                        .flatMap(List::stream)
                        .toList();
            case WRITE ->
                Stream.of(Escape.anybody(), Escape.notOwners())
                        .flatMap(List::stream)
                        .toList();
            case ADMIN ->
                Stream.of(Escape.anybody(), Escape.owners())
                        .flatMap(List::stream)
                        .toList();
        };
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyWayOutIsShutAndTheServerIsAsItWas(Role role) throws SQLException {
        ServerPicture before = ServerPicture.of(server, names.get("theirs"));
        List<String> wrong = new ArrayList<>();
        try (Connection intruder = doors.get(role).connect()) {
            for (Escape escape : of(role)) {
                String answer = attempt(intruder, escape.sql(names));
                if (!answer.startsWith(escape.state())) {
                    wrong.add(escape.state() + " expected for " + escape.sql(names) + ", but: " + answer);
                }
                run(intruder, "RESET ROLE");
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(ServerPicture.of(server, names.get("theirs")).parts()).isEqualTo(before.parts());
        assertThat(ask(neighbour, "SELECT count(*) FROM canary")).isEqualTo("1");
    }

    /** SQLSTATE and words of what was said against it; of a warning when it was done. */
    private static String attempt(Connection intruder, String sql) {
        try (Statement statement = intruder.createStatement()) {
            statement.execute(sql);
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                return warning.getSQLState() + " " + warning.getMessage();
            }
            return "00000 done";
        } catch (SQLException e) {
            return e.getSQLState() + " " + e.getMessage();
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void nothingThatCanBeReadNamesTheNeighbour(Role role) throws SQLException {
        List<String> seen = new ArrayList<>();
        int asked = 0;
        try (Connection intruder = doors.get(role).connect()) {
            for (String question : questions(intruder)) {
                asked++;
                try (Statement statement = intruder.createStatement();
                        ResultSet rows = statement.executeQuery(question)) {
                    rows.next();
                    if (rows.getInt(1) > 0) {
                        seen.add(question);
                    }
                } catch (SQLException e) {
                    assertThat(e.getMessage()).as(question).doesNotContain(NEIGHBOUR);
                }
            }
        }

        assertThat(asked).isGreaterThan(300);
        assertThat(seen).isEmpty();
    }

    /** What this session may read and call: each relation, and each function without arguments or of numbers of objects. */
    private static List<String> questions(Connection intruder) throws SQLException {
        List<String> questions = TestServers.column(
                intruder,
                "SELECT format('SELECT count(*) FROM %s AS r WHERE concat_ws('' '', %s) ~ ''glob[e]x''',"
                    + " c.oid::regclass, string_agg(format('r.%I::text', a.attname), ', ')) FROM pg_class AS c JOIN"
                    + " pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE"
                    + " c.relkind IN ('r', 'v', 'm', 'p') AND has_column_privilege(c.oid, a.attnum, 'SELECT') GROUP BY"
                    + " c.oid");
        String call = "SELECT format('SELECT count(*) FROM %s(%s) AS r WHERE r::text ~ ''glob[e]x''', p.oid::regproc,"
                + " $1) FROM pg_proc AS p WHERE p.prokind = 'f' AND p.proname !~ '^lo_'"
                + " AND p.pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege(p.oid, 'EXECUTE')"
                + " AND pg_get_function_identity_arguments(p.oid) ";
        String numbers = "(VALUES (" + names.get("dboid") + "), ('" + names.get("owner") + "'::regrole::oid::int), ('"
                + names.get("login") + "'::regrole::oid::int)) AS n (oid)";
        questions.addAll(TestServers.column(intruder, call.replace("$1", "''") + "= ''"));
        questions.addAll(TestServers.column(
                intruder,
                call.replace("$1", "'n.oid::oid'").replace("FROM %s", "FROM " + numbers.replace("'", "''") + ", %s")
                        + "~ '^(\"?[a-z_]+\"? )?oid$'"));
        for (String place :
                List.of("1262, " + names.get("dboid"), "1260, '" + names.get("owner") + "'::regrole::oid")) {
            questions.addAll(TestServers.column(
                    intruder,
                    call.replace("$1", "'" + (place + ", 0").replace("'", "''") + "'")
                            + "~ '^.*oid, .*oid, .*int4|^oid, oid, integer$'"));
        }
        return questions;
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void noDoorOpensToAnotherRoom(Role role) {
        Endpoint door = doors.get(role);
        assertThat(door.to(Installation.database(NEIGHBOUR)).knock()).isEqualTo("28P01");
        assertThat(door.to("postgres").knock()).isEqualTo("28P01");
        assertThat(door.to("template1").knock()).isEqualTo("28P01");
        assertThat(door.knock("options", "-c role=" + names.get("owner"))).isEqualTo("42501");
        assertThat(door.knock("options", "-c session_preload_libraries=auto_explain"))
                .isEqualTo("42501");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void whoAsksForReplicationGetsAnOrdinarySession(Role role) throws SQLException {
        try (Connection session = doors.get(role).connect("replication", "database", "preferQueryMode", "simple")) {
            assertThat(attempt(session, "IDENTIFY_SYSTEM")).startsWith("42601");
        }
    }

    @Test
    void locksAndNotificationsStayInTheirDatabase() throws SQLException {
        try (Connection intruder = doors.get(Role.WRITE).connect()) {
            assertThat(ask(intruder, "SELECT pg_try_advisory_lock(4711)")).isEqualTo("t");
            run(intruder, "NOTIFY globex, 'heard'");

            assertThat(ask(neighbour, "SELECT pg_advisory_unlock(4711)")).isEqualTo("t");
            assertThat(neighbour.unwrap(PGConnection.class).getNotifications()).isEmpty();
        }
    }

    /** The proxy asks a session on the session's own link what it has built up, under whatever names it finds there. */
    @Test
    void nothingThatATenantMakesIsRunInsteadOfWhatTheProxyAsksFor() throws SQLException {
        Map<Role, Connection> sessions = new EnumMap<>(Role.class);
        try (Connection owner = doors.get(Role.ADMIN).connect()) {
            run(owner, Traps.SET);
            run(owner, "GRANT USAGE ON SCHEMA traps TO PUBLIC", "GRANT SELECT ON ALL TABLES IN SCHEMA traps TO PUBLIC");
        }
        try {
            for (Role role : Role.values()) {
                Connection session = doors.get(role).connect();
                sessions.put(role, session);
                run(session, "SET app.tenant = 'x'", "PREPARE p AS SELECT 'prepared'", "LISTEN heard");
                run(session, "SET search_path = traps, pg_catalog");
                assertThatThrownBy(() -> ask(session, "SELECT current_setting('app.tenant')"))
                        .hasMessageContaining("hijacked");
            }

            FlipResult there = flip("localhost");
            FlipResult back = flip("127.0.0.1");

            assertThat(there.closedByReason()).isEmpty();
            assertThat(back.closedByReason()).isEmpty();
            for (Connection session : sessions.values()) {
                assertThat(ask(session, "SHOW search_path")).isEqualTo("traps, pg_catalog");
                assertThat(ask(session, "SHOW app.tenant")).isEqualTo("x");
                assertThat(ask(session, "EXECUTE p")).isEqualTo("prepared");
            }
        } finally {
            for (Connection session : sessions.values()) {
                session.close();
            }
            try (Connection owner = doors.get(Role.ADMIN).connect()) {
                assertThat(ask(owner, "SHOW search_path")).isEqualTo("\"$user\", public");
                run(owner, "DROP SCHEMA traps CASCADE");
            }
        }
    }

    private static FlipResult flip(String host) {
        return installation.flip(INTRUDER, new ServerAddress(host, server.port()), DRAIN, OnDeadline.ABORT);
    }

    @Test
    void whoASessionIsAndWhoOwnsWhatItMakesDoNotChangeOverFlips() throws SQLException {
        List<String> before = identities();
        flip("localhost");
        List<String> after = identities();
        flip("127.0.0.1");

        assertThat(after).isEqualTo(before).doesNotHaveDuplicates();
    }

    /** Of each role, and of what the owner makes. */
    private static List<String> identities() throws SQLException {
        List<String> identities = new ArrayList<>();
        for (Role role : List.of(Role.READ, Role.WRITE)) {
            try (Connection session = doors.get(role).connect()) {
                identities.add(ask(session, "SELECT current_user"));
            }
        }
        try (Connection session = doors.get(Role.ADMIN).connect()) {
            run(session, "CREATE TABLE made (n int)");
            identities.add(ask(session, "SELECT tableowner FROM pg_tables WHERE tablename = 'made'"));
            assertThat(identities).contains(ask(session, "SELECT current_user"));
            run(session, "DROP TABLE made");
        }
        return identities;
    }

    @Test
    void aTenantThatHoldsOnToANeighbourDoesNotKeepItFromBeingRemoved() throws SQLException {
        installation.tenant("initech");
        Endpoint leaving = installation.tenant("initech", Role.ADMIN);
        String owner;
        try (Connection session = leaving.connect()) {
            owner = ask(session, "SELECT current_user");
            session.setAutoCommit(false);
            run(session, "CREATE TABLE t (n int)", "PREPARE TRANSACTION 'left behind'");
        }
        try (Connection intruder = doors.get(Role.ADMIN).connect()) {
            run(intruder, "GRANT SELECT ON items TO " + owner);

            installation.remove("initech");
        }

        try (Connection root = server.connect("postgres")) {
            assertThat(ask(root, "SELECT count(*) FROM pg_roles WHERE rolname = '" + owner + "'"))
                    .isEqualTo("0");
            assertThat(ask(root, "SELECT count(*) FROM pg_database WHERE datname = 'it__initech'"))
                    .isEqualTo("0");
        }
    }
}
