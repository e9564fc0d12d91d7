package dev.tdb.control.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.control.ControlException;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/**
 * A log of a million entries of a hundred tenants over seven days, one of which has a fifth of them. What is counted is
 * not time but SQLite's own steps: what is asked of one tenant must not cost what the log is large.
 */
class QueryLogAtSizeTest {
    private static final ProjectId PROJECT = new ProjectId("tdb_00000001");
    private static final LocalDate LAST_DAY = LocalDate.parse("2026-03-07");
    private static final Instant NOW =
            LAST_DAY.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    private static final int DAYS = 7;
    private static final int PER_DAY = 1_000_000 / DAYS;
    private static final int LARGEST_PER_DAY = PER_DAY / 5;
    private static final int STEPS_PER_CALL = 100;

    @TempDir
    static Path directory;

    private static LogFiles files = new LogFiles(QueryLogSettings.in(Path.of("none")));
    private static QueryLog queryLog = log(QueryLogSettings.in(Path.of("none")));

    private static QueryLog log(QueryLogSettings settings) {
        QueryEvents events = QueryEvents.off();
        return new QueryLog(settings, events, new QueryLogWriter(events, settings, Map.of(), () -> NOW), () -> NOW);
    }

    @BeforeAll
    static void fill() throws SQLException, IOException {
        QueryLogSettings settings =
                new QueryLogSettings(directory, 30, Long.MAX_VALUE / 2, Duration.ofMillis(500), false);
        files = new LogFiles(settings);
        queryLog = log(settings);
        for (int day = 0; day < DAYS; day++) {
            LocalDate date = LAST_DAY.minusDays(DAYS - 1L - day);
            LogFiles.LogFile file = new LogFiles.LogFile(directory.resolve(date + ".0001.db"), date, 1);
            try (BatchWriter writer = new BatchWriter(
                    file, files.openForWriting(file), new BatchWriter.Terms(settings.slow(), Map.of()))) {
                List<QueryEvent> batch = new ArrayList<>();
                for (int i = 0; i < PER_DAY; i++) {
                    batch.add(event(date, i));
                    if (batch.size() == 4096 || i == PER_DAY - 1) {
                        writer.write(batch);
                        batch.clear();
                    }
                }
            }
        }
        // A day of which a question about a later time must take no notice.
        Files.writeString(directory.resolve("2026-02-01.0001.db"), "no database".repeat(1000));
    }

    private static QueryEvent event(LocalDate day, int number) {
        String tenant = number % 5 == 0 ? "largest" : "tenant" + number % 99;
        long midnight = LogSearch.micros(day.atStartOfDay(ZoneOffset.UTC).toInstant());
        boolean isFailed = number % 1000 == 0;
        return new QueryEvent(
                new RouteKey(Engine.POSTGRES, PROJECT, new DatabaseName("shop", tenant)),
                number % 500 == 0 ? QueryEvent.Source.API : QueryEvent.Source.PROXY,
                midnight + 86_400_000_000L / PER_DAY * number,
                "key_1",
                "127.0.0.1:5000",
                "SELECT name, mail FROM customers WHERE id = " + number,
                isFailed ? "23505" : "",
                "",
                number % 2000 == 0 ? 600_000_000 : 1_000_000,
                0,
                1,
                100);
    }

    private static LogFilter filter(int offset, LogFilter.@Nullable Type type, String search) {
        return new LogFilter(50, offset, type, search, null, null, null);
    }

    /** SQLite's steps for one search in the newest file. */
    private static long steps(LogFilter filter) throws SQLException, IOException {
        LogFiles.LogFile newest = files.list().getFirst();
        long[] calls = {0};
        try (Connection connection = files.open(newest)) {
            ProgressHandler.setHandler(connection, STEPS_PER_CALL, new ProgressHandler() {
                @Override
                protected int progress() {
                    calls[0]++;
                    return 0;
                }
            });
            int tenantNo = tenantNo(connection);
            new LogSearch(newest, connection, tenantNo, filter)
                    .find(filter.limit() + 1, filter.offset(), Long.MAX_VALUE);
            ProgressHandler.clearHandler(connection);
        }
        return calls[0] * STEPS_PER_CALL;
    }

    private static int tenantNo(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT no FROM tenants WHERE tenant = 'largest'");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void aPageIsFoundByItsNumberHoweverDeepItLies() throws SQLException, IOException {
        assertThat(steps(filter(0, null, ""))).isLessThan(10_000);
        assertThat(steps(filter(LARGEST_PER_DAY - 100, null, ""))).isLessThan(10_000);
    }

    @Test
    void typesAndTheApisOwnAreFoundInTheirIndexes() throws SQLException, IOException {
        LogFilter api = new LogFilter(50, 20, null, "", QueryEvent.Source.API, null, null);
        LogFilter proxy = new LogFilter(50, LARGEST_PER_DAY - 500, null, "", QueryEvent.Source.PROXY, null, null);

        assertThat(steps(filter(20, LogFilter.Type.ERROR, ""))).isLessThan(10_000);
        assertThat(steps(filter(5, LogFilter.Type.SLOW, ""))).isLessThan(10_000);
        assertThat(steps(api)).isLessThan(10_000);
        assertThat(steps(proxy)).isLessThan(10_000);
        assertThat(plan(filter(0, LogFilter.Type.ERROR, ""))).contains("COVERING INDEX failed_entries", "rowid>");
        assertThat(plan(filter(0, LogFilter.Type.SLOW, ""))).contains("COVERING INDEX slow_entries", "rowid>");
        assertThat(plan(api)).contains("COVERING INDEX api_entries", "rowid>");
    }

    @Test
    void aSubstringCostsTheTenantsOwnEntriesAndNoOthers() throws SQLException, IOException {
        LogFilter absent = filter(0, null, "no such text");

        assertThat(plan(absent))
                .contains("SEARCH entries USING INTEGER PRIMARY KEY")
                .doesNotContain("TEMP B-TREE");
        assertThat(steps(absent)).isBetween(2L * LARGEST_PER_DAY, 20L * LARGEST_PER_DAY);
        assertThat(steps(filter(0, null, "MAIL from"))).isLessThan(10_000);
    }

    private static String plan(LogFilter filter) throws SQLException, IOException {
        LogFiles.LogFile newest = files.list().getFirst();
        StringBuilder plan = new StringBuilder();
        try (Connection connection = files.open(newest)) {
            String sql = new LogSearch(newest, connection, tenantNo(connection), filter).rowsSql();
            try (PreparedStatement statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.append(rows.getString("detail")).append('\n');
                }
            }
        }
        return plan.toString();
    }

    @Test
    void onlyTheFilesOfTheTimeAskedForAreOpened() {
        LogFilter ofADay = new LogFilter(1000, 0, null, "no such", null, NOW.minus(Duration.ofDays(1)), null);

        queryLog.search(PROJECT, "largest", ofADay);
        queryLog.stats(PROJECT, "largest", NOW.minus(Duration.ofDays(DAYS)));
        queryLog.metrics(PROJECT, "largest");
        queryLog.search(PROJECT, "largest", LogFilter.newest());

        assertThat(queryLog.leftOut()).isEmpty();
    }

    @Test
    void aSearchThatTakesTooLongIsEnded() {
        QueryLogSettings settings = new QueryLogSettings(directory, 30, 1 << 30, Duration.ofMillis(500), false);
        QueryEvents events = QueryEvents.off();
        QueryLog hasty = new QueryLog(
                settings,
                events,
                new QueryLogWriter(events, settings, Map.of(), () -> NOW),
                () -> NOW,
                Duration.ofMillis(1));

        assertThatThrownBy(() -> hasty.search(PROJECT, "largest", filter(0, null, "no such text")))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("took longer");
    }

    @Test
    void sumsAreThoseOfTheEntries() {
        LogStats week = queryLog.stats(PROJECT, "largest", NOW.minus(Duration.ofDays(DAYS)));

        assertThat(week.total()).isEqualTo((long) DAYS * ((PER_DAY + 4) / 5));
        assertThat(week.failed()).isEqualTo((long) DAYS * ((PER_DAY + 999) / 1000));
        assertThat(week.bySourceApi()).isEqualTo((long) DAYS * ((PER_DAY + 499) / 500));
        assertThat(week.slow()).isEqualTo((long) DAYS * ((PER_DAY + 1999) / 2000));
        assertThat(queryLog.metrics(PROJECT, "largest").day().total())
                .isBetween((long) LARGEST_PER_DAY - 10, (long) LARGEST_PER_DAY + 10);
    }
}
