package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.testkit.history.Anomaly;
import dev.tdb.testkit.history.AppendChecker;
import dev.tdb.testkit.history.BankChecker;
import dev.tdb.testkit.history.CounterChecker;
import dev.tdb.testkit.history.History;
import dev.tdb.testkit.history.InsertChecker;
import dev.tdb.testkit.history.SessionOrderChecker;
import dev.tdb.testkit.history.Tag;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables that histories are made on, and what they must say in the end. */
final class Ledger {
    static final int ACCOUNTS = 8;
    static final long BALANCE = 1000;
    static final int COUNTERS = 2;
    static final int LISTS = 2;

    /** No key on the numbers: one that is inserted twice shall show. */
    static final List<String> TABLES = List.of(
            "CREATE TABLE number (at bigint GENERATED ALWAYS AS IDENTITY, number bigint NOT NULL, tag text NOT NULL)",
            "CREATE TABLE counter (name text PRIMARY KEY, n bigint NOT NULL)",
            "INSERT INTO counter SELECT 'counter-' || i, 0 FROM generate_series(0, " + (COUNTERS - 1) + ") i",
            "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)",
            "INSERT INTO account SELECT i, " + BALANCE + " FROM generate_series(0, " + (ACCOUNTS - 1) + ") i",
            "CREATE TABLE list (name text PRIMARY KEY, val text NOT NULL)",
            "INSERT INTO list SELECT 'list-' || i, '' FROM generate_series(0, " + (LISTS - 1) + ") i",
            "CREATE TABLE diary (session int NOT NULL, entry int NOT NULL)",
            "CREATE SCHEMA side",
            "GRANT USAGE ON SCHEMA side TO PUBLIC",
            "CREATE TABLE side.item (id int PRIMARY KEY, name text NOT NULL)",
            "INSERT INTO side.item SELECT i, 'side item ' || i FROM generate_series(0, 9) i",
            "GRANT SELECT ON side.item TO PUBLIC");

    /** As {@link #TABLES}, in the language of MySQL and MariaDB. */
    static final List<String> MYSQL_TABLES = List.of(
            "CREATE TABLE number (at bigint AUTO_INCREMENT PRIMARY KEY, number bigint NOT NULL, tag text NOT NULL)",
            "CREATE TABLE counter (name varchar(50) PRIMARY KEY, n bigint NOT NULL)",
            "INSERT INTO counter VALUES ('counter-0', 0), ('counter-1', 0)",
            "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)",
            "INSERT INTO account VALUES (0, 1000), (1, 1000), (2, 1000), (3, 1000), (4, 1000), (5, 1000), (6, 1000),"
                    + " (7, 1000)",
            "CREATE TABLE list (name varchar(50) PRIMARY KEY, val longtext NOT NULL)",
            "INSERT INTO list VALUES ('list-0', ''), ('list-1', '')",
            "CREATE TABLE diary (session int NOT NULL, entry int NOT NULL, KEY (session))");

    private Ledger() {}

    /** Compares what {@code history} was promised with what the database says now; closes the connection to it. */
    static void check(History history, Connection database) throws SQLException {
        List<Anomaly> anomalies = new ArrayList<>();
        try (Connection connection = database) {
            List<Long> numbers = new ArrayList<>();
            List<Tag> done = new ArrayList<>();
            rows(connection, "SELECT number, tag FROM number ORDER BY at", row -> {
                numbers.add(row.getLong(1));
                done.add(Tag.parse(row.getString(2)));
            });
            anomalies.addAll(InsertChecker.check(history, numbers));
            anomalies.addAll(SessionOrderChecker.checkDone(done));

            Map<String, Long> counters = new HashMap<>();
            rows(connection, "SELECT name, n FROM counter", row -> counters.put(row.getString(1), row.getLong(2)));
            anomalies.addAll(CounterChecker.check(history, counters));

            Map<Integer, Long> balances = new HashMap<>();
            rows(connection, "SELECT id, balance FROM account", row -> balances.put(row.getInt(1), row.getLong(2)));
            Map<Integer, Long> initial = new HashMap<>();
            for (int account = 0; account < ACCOUNTS; account++) {
                initial.put(account, BALANCE);
            }
            anomalies.addAll(BankChecker.check(ACCOUNTS * BALANCE, List.of(balances)));
            anomalies.addAll(BankChecker.checkBalances(history, initial, balances));

            Map<String, List<Tag>> lists = new HashMap<>();
            rows(connection, "SELECT name, val FROM list", row -> lists.put(row.getString(1), tags(row.getString(2))));
            anomalies.addAll(AppendChecker.check(history, lists));
        }
        assertThat(anomalies).as("broken promises").isEmpty();
    }

    private static List<Tag> tags(String list) {
        return Arrays.stream(list.split(","))
                .filter(text -> !text.isEmpty())
                .map(Tag::parse)
                .toList();
    }

    /** What is done with each row. */
    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private static void rows(Connection connection, String sql, Row each) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                each.take(rows);
            }
        }
    }
}
