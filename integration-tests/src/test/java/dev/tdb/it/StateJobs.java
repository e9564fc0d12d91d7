package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.testkit.history.Op;
import dev.tdb.testkit.history.SessionLog;
import dev.tdb.testkit.history.Tag;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** The jobs of histories whose sessions have built up state that must move with them. */
final class StateJobs {
    static final String CHANNEL = "news";

    private StateJobs() {}

    /** Settings of all kinds, statements prepared by SQL and by the protocol. */
    static final class Settings implements Job {
        private final String tenant;
        private int turn;

        Settings(String tenant) {
            this.tenant = tenant;
        }

        @Override
        public void begin(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET app.tenant = '" + tenant + "'");
                statement.execute("SET search_path = side, public");
                statement.execute("SET TIME ZONE 'Asia/Kathmandu'");
                statement.execute("SET statement_timeout = '55s'");
                statement.execute("SET application_name = 'settings of " + tenant + "'");
                statement.execute("PREPARE pick (int) AS SELECT name FROM item WHERE id = $1");
            }
        }

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            turn++;
            int id = turn % 10;
            if (turn % 7 == 0) {
                Job.recorded(connection, log, new Op.Read("change app.turn"), () -> {
                    try (Statement statement = connection.createStatement()) {
                        return statement.execute("SET app.turn = '" + turn + "'");
                    }
                });
            }
            String settings = Job.recorded(
                    connection,
                    log,
                    new Op.Read("settings"),
                    () -> ask(
                            connection,
                            "SELECT concat_ws(' ', current_setting('app.tenant'), current_setting('search_path'),"
                                    + " current_setting('TimeZone'), current_setting('statement_timeout'),"
                                    + " current_setting('application_name'), current_setting('app.turn', true))"));
            String turned = turn < 7 ? "" : " " + turn / 7 * 7;
            assertThat(settings).isEqualTo(tenant + " side, public Asia/Kathmandu 55s settings of " + tenant + turned);
            String bySql = Job.recorded(
                    connection, log, new Op.Read("pick"), () -> ask(connection, "EXECUTE pick(" + id + ")"));
            assertThat(bySql).isEqualTo("side item " + id);
            String byProtocol = Job.recorded(connection, log, new Op.Read("item"), () -> {
                try (PreparedStatement pick = connection.prepareStatement("SELECT name FROM item WHERE id = ?")) {
                    pick.setInt(1, id);
                    try (ResultSet row = pick.executeQuery()) {
                        assertThat(row.next()).isTrue();
                        return row.getString(1);
                    }
                }
            });
            assertThat(byProtocol).isEqualTo("side item " + id);
        }

        private static String ask(Connection connection, String sql) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                assertThat(row.next()).isTrue();
                return row.getString(1);
            }
        }
    }

    /** Reads a long reply in pieces, in a transaction. */
    static final class Paging implements Job {
        private static final int ROWS = 60;

        @Override
        public void begin(Connection connection) throws SQLException {
            connection.setAutoCommit(false);
        }

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            Job.recorded(connection, log, new Op.Read("pages"), () -> {
                int expected = 1;
                try (Statement statement = connection.createStatement()) {
                    statement.setFetchSize(25);
                    try (ResultSet rows = statement.executeQuery("SELECT generate_series(1, " + ROWS + ")")) {
                        while (rows.next()) {
                            assertThat(rows.getInt(1)).isEqualTo(expected);
                            expected++;
                        }
                    }
                }
                connection.commit();
                assertThat(expected).isEqualTo(ROWS + 1);
                return expected;
            });
        }
    }

    /** Sends its own tags to all who listen. */
    static final class Notifying implements Job {
        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            SessionLog.Pending pending = log.invoke(tag -> new Op.Append(CHANNEL, tag));
            try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
                notify.setString(1, CHANNEL);
                notify.setString(2, pending.tag().toString());
                notify.execute();
                pending.ok();
            } catch (SQLException e) {
                pending.info(String.valueOf(e.getSQLState()));
                throw e;
            }
        }
    }

    /** Listens, and says nothing. */
    static final class Listening implements Job {
        private static final int WAIT_MILLIS = 50;

        private final List<Tag> heard = new ArrayList<>();

        synchronized List<Tag> heard() {
            return List.copyOf(heard);
        }

        @Override
        public void begin(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
            }
        }

        @Override
        public boolean isListening() {
            return true;
        }

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            hear(connection);
        }

        /** With an answer of the server comes all that was notified before. */
        @Override
        public void end(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
            hear(connection);
        }

        private void hear(Connection connection) throws SQLException {
            PGNotification[] news = connection.unwrap(PGConnection.class).getNotifications(WAIT_MILLIS);
            synchronized (this) {
                for (PGNotification one : news) {
                    heard.add(Tag.parse(one.getParameter()));
                }
            }
        }
    }
}
