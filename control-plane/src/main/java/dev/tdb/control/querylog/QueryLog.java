package dev.tdb.control.querylog;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the query log of one tenant. */
public final class QueryLog {
    private static final int LIMIT_MAX = 1000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);

    private final LogFiles files;
    private final QueryEvents events;
    private final QueryLogWriter writer;
    private final InstantSource clock;

    public QueryLog(QueryLogSettings settings, QueryEvents events, QueryLogWriter writer, InstantSource clock) {
        this.files = new LogFiles(settings);
        this.events = events;
        this.writer = writer;
        this.clock = clock;
    }

    /** Newest first. */
    public LogPage search(ProjectId project, String tenant, LogFilter filter) {
        if (filter.limit() < 1 || filter.limit() > LIMIT_MAX) {
            throw ControlException.badRequest("limit must be between 1 and " + LIMIT_MAX);
        }
        if (filter.offset() < 0) {
            throw ControlException.badRequest("offset must not be negative");
        }
        List<LogEntry> found = new ArrayList<>();
        int wanted = filter.limit() + 1;
        int[] toSkip = {filter.offset()};
        overFiles(project, tenant, filter.since(), (file, connection, tenantNo) -> {
            LogSearch search = new LogSearch(file, connection, tenantNo, filter);
            List<LogEntry> here = search.page(wanted - found.size(), toSkip[0]);
            found.addAll(here);
            toSkip[0] = !here.isEmpty() || toSkip[0] == 0 ? 0 : toSkip[0] - search.count();
            return found.size() < wanted;
        });
        boolean more = found.size() > filter.limit();
        return new LogPage(more ? found.subList(0, filter.limit()) : found, more);
    }

    /** @param since null for as far back as there is */
    public LogStats stats(ProjectId project, String tenant, @Nullable Instant since) {
        StatsSum sum = new StatsSum();
        overFiles(project, tenant, since, (file, connection, tenantNo) -> {
            addRollups(sum, connection, tenantNo, since);
            return true;
        });
        return sum.stats();
    }

    public TenantMetrics metrics(ProjectId project, String tenant) {
        Instant now = clock.instant();
        return new TenantMetrics(
                stats(project, tenant, now.minus(HOUR)),
                stats(project, tenant, now.minus(DAY)),
                stats(project, tenant, now.minus(WEEK)));
    }

    /** Events that were lost because the ring was full or the disk failed, since the start. */
    public long dropped() {
        return events.dropped() + writer.lost();
    }

    private interface FileVisit {
        /** @return whether to go on with an older file */
        boolean visit(LogFiles.LogFile file, Connection connection, int tenantNo) throws SQLException;
    }

    private void overFiles(ProjectId project, String tenant, @Nullable Instant since, FileVisit visit) {
        try {
            for (LogFiles.LogFile file : files.list()) {
                if (since != null
                        && file.day().isBefore(since.atOffset(ZoneOffset.UTC).toLocalDate())) {
                    return;
                }
                if (!visitOne(file, project, tenant, visit)) {
                    return;
                }
            }
        } catch (SQLException | IOException e) {
            throw new ControlException(ErrorCode.UNAVAILABLE, "the query log cannot be read at the moment", e);
        }
    }

    private boolean visitOne(LogFiles.LogFile file, ProjectId project, String tenant, FileVisit visit)
            throws SQLException {
        try (Connection connection = files.open(file)) {
            OptionalInt tenantNo = tenantNumber(connection, project, tenant);
            return tenantNo.isEmpty() || visit.visit(file, connection, tenantNo.getAsInt());
        } catch (SQLException e) {
            if (Files.exists(file.path())) {
                throw e;
            }
            return true; // its time was over between listing and opening
        }
    }

    private static OptionalInt tenantNumber(Connection connection, ProjectId project, String tenant)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT no FROM tenants WHERE project = ? AND tenant = ?")) {
            statement.setString(1, project.value());
            statement.setString(2, tenant);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
            }
        }
    }

    /** Whole slots from rollups; the part of a slot at the beginning from the entries themselves. */
    private static void addRollups(StatsSum sum, Connection connection, int tenantNo, @Nullable Instant since)
            throws SQLException {
        long sinceMicros = since == null ? 0 : LogSearch.micros(since);
        long firstSlot = BatchWriter.slot(sinceMicros);
        if (BatchWriter.slotStartMicros(firstSlot) < sinceMicros) {
            firstSlot++;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT source, bucket, sum(count),"
                + " sum(failed), sum(slow), sum(sum_ns), max(max_ns) FROM rollups WHERE tenant_no = ? AND slot >= ?"
                + " GROUP BY source, bucket")) {
            statement.setInt(1, tenantNo);
            statement.setLong(2, firstSlot);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    sum.add(
                            rows.getString(1),
                            rows.getInt(2),
                            rows.getLong(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.getLong(6),
                            rows.getLong(7));
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT source, error_code <> '', slow,"
                + " duration_ns FROM entries WHERE tenant_no = ? AND at_us >= ? AND at_us < ?")) {
            statement.setInt(1, tenantNo);
            statement.setLong(2, sinceMicros);
            statement.setLong(3, BatchWriter.slotStartMicros(firstSlot));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long nanos = rows.getLong(4);
                    sum.add(
                            rows.getString(1),
                            LatencyBuckets.of(nanos),
                            1,
                            rows.getLong(2),
                            rows.getLong(3),
                            nanos,
                            nanos);
                }
            }
        }
    }
}
