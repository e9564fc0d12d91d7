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
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log of a million entries of a hundred tenants over seven days, one of which has a fifth of them. What is counted is
 * not time but the blocks that are unpacked: what is asked of one tenant must not cost what the log is large.
 */
class QueryLogAtSizeTest {
    private static final ProjectId PROJECT = new ProjectId("tdb_00000001");
    private static final LocalDate LAST_DAY = LocalDate.parse("2026-03-07");
    private static final Instant NOW =
            LAST_DAY.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    private static final int DAYS = 7;
    private static final int PER_DAY = 1_000_000 / DAYS;
    private static final int LARGEST_PER_DAY = PER_DAY / 5;

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

    /** How many blocks one search unpacks in the newest file. */
    private static int unpacked(LogFilter filter) throws SQLException, IOException {
        LogFiles.LogFile newest = files.list().getFirst();
        try (Connection connection = files.open(newest);
                TenantBlocks blocks =
                        new TenantBlocks(connection, tenantNo(connection), Deadline.in(Duration.ofMinutes(1)))) {
            new LogSearch(newest, connection, blocks, filter).find(filter.limit() + 1, filter.offset(), Long.MAX_VALUE);
            return blocks.unpacked();
        }
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
        assertThat(unpacked(filter(0, null, ""))).isBetween(1, 2);
        assertThat(unpacked(filter(LARGEST_PER_DAY - 100, null, ""))).isBetween(1, 2);
    }

    @Test
    void whatIsPassedOverIsCountedByTheBlocksSummaries() throws SQLException, IOException {
        LogFilter api = new LogFilter(5, 20, null, "", QueryEvent.Source.API, null, null);
        LogFilter proxy = new LogFilter(50, LARGEST_PER_DAY - 500, null, "", QueryEvent.Source.PROXY, null, null);

        assertThat(unpacked(new LogFilter(5, 100, LogFilter.Type.ERROR, "", null, null, null)))
                .isBetween(1, 3);
        assertThat(unpacked(new LogFilter(5, 50, LogFilter.Type.SLOW, "", null, null, null)))
                .isBetween(1, 4);
        assertThat(unpacked(api)).isBetween(1, 2);
        assertThat(unpacked(proxy)).isBetween(1, 2);
    }

    @Test
    void onlyBlocksWithSomethingOfATypeAreVisited() throws SQLException, IOException {
        try (Connection connection = files.open(files.list().getFirst())) {
            for (TenantBlocks.Holding which : TenantBlocks.Holding.values()) {
                String plan = plan(connection, which.sql());
                assertThat(plan).doesNotContain("TEMP B-TREE");
                assertThat(plan)
                        .contains(
                                which == TenantBlocks.Holding.ANY
                                        ? "SEARCH blocks USING INTEGER PRIMARY KEY"
                                        : "SEARCH blocks USING INDEX "
                                                + which.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static String plan(Connection connection, String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                plan.append(rows.getString("detail")).append('\n');
            }
        }
        return plan.toString();
    }

    @Test
    void aSubstringCostsTheTenantsOwnBlocksAndNoOthers() throws SQLException, IOException {
        int own = ownBlocks();

        assertThat(own).isGreaterThan(20);
        assertThat(unpacked(filter(0, null, "no such text"))).isEqualTo(own);
        assertThat(unpacked(filter(0, null, "MAIL from"))).isBetween(1, 2);
    }

    private static int ownBlocks() throws SQLException, IOException {
        try (Connection connection = files.open(files.list().getFirst());
                PreparedStatement statement =
                        connection.prepareStatement("SELECT count(*) FROM blocks WHERE id BETWEEN ? AND ?")) {
            int tenantNo = tenantNo(connection);
            statement.setLong(1, EntryId.floor(tenantNo));
            statement.setLong(2, EntryId.floor(tenantNo + 1));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
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
