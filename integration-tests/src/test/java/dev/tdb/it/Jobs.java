package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.testkit.history.Op;
import dev.tdb.testkit.history.SessionLog;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/** The jobs of histories that change the {@link Ledger}. */
final class Jobs {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String INSERT = "INSERT INTO number (number, tag) VALUES (?, ?)";

    private Jobs() {}

    static long nextNumber() {
        return NUMBERS.incrementAndGet();
    }

    /** One numbered row at a time. */
    static final class Inserting implements Job {
        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            long number = nextNumber();
            SessionLog.Pending pending = log.invoke(new Op.Insert(number));
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setLong(1, number);
                insert.setString(2, pending.tag().toString());
                assertThat(insert.executeUpdate()).isEqualTo(1);
                pending.ok();
            } catch (SQLException e) {
                pending.info(String.valueOf(e.getSQLState()));
                throw e;
            }
        }
    }

    /** Several numbered rows at once, with all their requests sent before the first reply is read. */
    static final class Batching implements Job {
        private static final int ROWS = 6;

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            List<SessionLog.Pending> pending = new ArrayList<>();
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                for (int i = 0; i < ROWS; i++) {
                    long number = nextNumber();
                    SessionLog.Pending one = log.invoke(new Op.Insert(number));
                    pending.add(one);
                    insert.setLong(1, number);
                    insert.setString(2, one.tag().toString());
                    insert.addBatch();
                }
                insert.executeBatch();
                pending.forEach(SessionLog.Pending::ok);
            } catch (SQLException e) {
                pending.forEach(one -> one.info(String.valueOf(e.getSQLState())));
                throw e;
            }
        }
    }

    /** Several numbered rows by COPY. */
    static final class Copying implements Job {
        private static final int ROWS = 5;

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            List<SessionLog.Pending> pending = new ArrayList<>();
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < ROWS; i++) {
                long number = nextNumber();
                SessionLog.Pending one = log.invoke(new Op.Insert(number));
                pending.add(one);
                rows.append(number).append('\t').append(one.tag()).append('\n');
            }
            try {
                long count = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY number (number, tag) FROM STDIN",
                                new java.io.ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
                assertThat(count).isEqualTo(ROWS);
                pending.forEach(SessionLog.Pending::ok);
            } catch (SQLException e) {
                pending.forEach(one -> one.info(String.valueOf(e.getSQLState())));
                throw e;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** One more on a counter that others count on as well. */
    record Counting(String counter) implements Job {
        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            Job.recorded(connection, log, new Op.Increment(counter), () -> {
                try (PreparedStatement update =
                        connection.prepareStatement("UPDATE counter SET n = n + 1 WHERE name = ?")) {
                    update.setString(1, counter);
                    assertThat(update.executeUpdate()).isEqualTo(1);
                    return counter;
                }
            });
        }
    }

    /** Money from one account to another, in a transaction of four statements. */
    static final class Transferring implements Job {
        private final java.util.Random random;

        Transferring(long seed) {
            this.random = new java.util.Random(seed);
        }

        @Override
        public void begin(Connection connection) throws SQLException {
            connection.setAutoCommit(false);
        }

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            int low = random.nextInt(Ledger.ACCOUNTS - 1);
            int high = low + 1 + random.nextInt(Ledger.ACCOUNTS - 1 - low);
            long amount = random.nextInt(20) - 10L;
            SessionLog.Pending pending = log.invoke(new Op.Transfer(low, high, amount));
            try {
                move(connection, low, -amount); // in the order of their ids, so that nobody waits in a circle
                move(connection, high, amount);
            } catch (SQLException e) {
                pending.fail(String.valueOf(e.getSQLState()));
                throw e;
            }
            try {
                connection.commit();
                pending.ok();
            } catch (SQLException e) {
                pending.info(String.valueOf(e.getSQLState()));
                throw e;
            }
        }

        private static void move(Connection connection, int account, long amount) throws SQLException {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
                update.setLong(1, amount);
                update.setInt(2, account);
                assertThat(update.executeUpdate()).isEqualTo(1);
            }
        }
    }

    /** Looks at all accounts at once, while money moves. */
    static final class Auditing implements Job {
        private final ConcurrentLinkedQueue<Map<Integer, Long>> snapshots = new ConcurrentLinkedQueue<>();

        List<Map<Integer, Long>> snapshots() {
            return List.copyOf(snapshots);
        }

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            Job.recorded(connection, log, new Op.Read("accounts"), () -> {
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT id, balance FROM account")) {
                    Map<Integer, Long> balances = new HashMap<>();
                    while (rows.next()) {
                        balances.put(rows.getInt(1), rows.getLong(2));
                    }
                    return snapshots.add(balances);
                }
            });
        }
    }

    /** Its own tag at the end of a list that others append to as well. */
    record Appending(String list) implements Job {
        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            SessionLog.Pending pending = log.invoke(tag -> new Op.Append(list, tag));
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE list SET val = concat(val, ',', ?) WHERE name = ?")) {
                update.setString(1, pending.tag().toString());
                update.setString(2, list);
                assertThat(update.executeUpdate()).isEqualTo(1);
                pending.ok();
            } catch (SQLException e) {
                pending.info(String.valueOf(e.getSQLState()));
                throw e;
            }
        }
    }

    /** Writes, and reads at once what it has written so far. */
    static final class Diary implements Job {
        private int entries;

        @Override
        public void turn(Connection connection, SessionLog log) throws SQLException {
            Job.recorded(connection, log, new Op.Read("write to the diary"), () -> {
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO diary (session, entry) VALUES (?, ?)")) {
                    insert.setInt(1, log.session());
                    insert.setInt(2, entries + 1);
                    return insert.executeUpdate();
                }
            });
            entries++;
            Job.recorded(connection, log, new Op.Read("the diary"), () -> {
                try (PreparedStatement read = connection.prepareStatement(
                        "SELECT count(*), coalesce(max(entry), 0) FROM diary WHERE session = ?")) {
                    read.setInt(1, log.session());
                    try (ResultSet row = read.executeQuery()) {
                        assertThat(row.next()).isTrue();
                        assertThat(row.getInt(1))
                                .as("entries seen by their writer")
                                .isEqualTo(entries);
                        assertThat(row.getInt(2)).isEqualTo(entries);
                        return entries;
                    }
                }
            });
        }
    }
}
