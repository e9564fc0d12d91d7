package dev.tdb.control.querylog;

import dev.tdb.control.querylog.TenantBlocks.Holding;
import dev.tdb.control.querylog.TenantBlocks.Summary;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One search in one file, block by block from the newest on. What is passed over is counted by the blocks' summaries as far
 * as they tell; only blocks that may have something for the page are unpacked, and each text in them is looked at once.
 */
final class LogSearch {
    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final LogFiles.LogFile file;
    private final Connection connection;
    private final TenantBlocks blocks;
    private final LogFilter filter;
    private final @Nullable Substring substring;
    private final Map<Integer, Origin> origins = new HashMap<>();
    private final List<LogEntry> page = new ArrayList<>();
    private int toSkip;

    LogSearch(LogFiles.LogFile file, Connection connection, TenantBlocks blocks, LogFilter filter) {
        this.file = file;
        this.connection = connection;
        this.blocks = blocks;
        this.filter = filter;
        this.substring = filter.search().isEmpty() ? null : new Substring(filter.search());
    }

    /** @param skipped how many were found and passed over */
    record Found(List<LogEntry> entries, int skipped) {}

    /** What the entries of one login have in common. */
    private record Origin(String blueprint, Engine engine, String login) {}

    static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / 1000;
    }

    /**
     * Newest first. To be called once.
     *
     * @param skip how many to pass over
     * @param before a row below which to look
     */
    Found find(int limit, int skip, long before) throws SQLException {
        Instant since = filter.since();
        long first = since == null ? blocks.first() : blocks.firstSince(micros(since));
        long last = Math.min(blocks.last(), before - 1);
        toSkip = skip;
        if (!narrows()) {
            toSkip = (int) Math.max(0, skip - Math.max(0, last - first + 1));
            last -= skip - toSkip;
        }
        long newest = last;
        blocks.newestFirst(holding(), first, newest, block -> {
            if (!passesOver(block, first, newest)) {
                take(block, first, newest, limit);
            }
            return page.size() < limit;
        });
        return new Found(page, skip - toSkip);
    }

    private boolean narrows() {
        return filter.type() != null || filter.source() != null || substring != null;
    }

    private Holding holding() {
        return switch (filter.type()) {
            case ERROR -> Holding.FAILED;
            case SLOW -> Holding.SLOW;
            case null -> filter.source() == QueryEvent.Source.API ? Holding.API : Holding.ANY;
        };
    }

    /** Where the summary says how many match, and all of them are to be passed over. */
    private boolean passesOver(Summary block, long first, long last) {
        boolean isWhole = block.firstRow() >= first && block.lastRow() <= last;
        int matching = isWhole ? matching(block) : -1;
        if (matching < 0 || matching > toSkip) {
            return false;
        }
        toSkip -= matching;
        return true;
    }

    /** How many match; -1 where the summary does not tell. */
    private int matching(Summary block) {
        if (substring != null || (filter.type() != null && filter.source() != null)) {
            return -1;
        }
        if (filter.type() != null) {
            return filter.type() == LogFilter.Type.ERROR ? block.failed() : block.slow();
        }
        return switch (filter.source()) {
            case API -> block.api();
            case PROXY -> block.count() - block.api();
            case null -> block.count();
        };
    }

    private void take(Summary summary, long first, long last, int limit) throws SQLException {
        Block block = blocks.unpack(summary);
        Verdicts verdicts = new Verdicts(block);
        int oldest = (int) Math.max(0, first - summary.firstRow());
        for (int entry = (int) Math.min(block.count() - 1L, last - summary.firstRow());
                entry >= oldest && page.size() < limit;
                entry--) {
            if (isWanted(block, entry) && verdicts.isWanted(entry)) {
                if (toSkip > 0) {
                    toSkip--;
                } else {
                    page.add(entry(block, entry));
                }
            }
        }
    }

    private boolean isWanted(Block block, int entry) {
        boolean isOfType = switch (filter.type()) {
            case ERROR -> block.isFailed(entry);
            case SLOW -> block.isSlow(entry);
            case null -> true;
        };
        return isOfType
                && (filter.source() == null || block.isApi(entry) == (filter.source() == QueryEvent.Source.API));
    }

    /** Whether texts have the substring, of which each is asked once. */
    private final class Verdicts {
        private final Block block;
        private final @Nullable Boolean[] known;

        Verdicts(Block block) {
            this.block = block;
            this.known = new Boolean[substring == null ? 0 : block.texts()];
        }

        boolean isWanted(int entry) {
            if (substring == null) {
                return true;
            }
            int number = block.queryNo(entry);
            Boolean verdict = known[number];
            if (verdict == null) {
                verdict = substring.isIn(block.query(entry));
                known[number] = verdict;
            }
            return verdict;
        }
    }

    private LogEntry entry(Block block, int entry) throws SQLException {
        long micros = block.startedMicros(entry);
        Origin origin = origin(block.originNo(entry));
        return new LogEntry(
                new EntryId(file.stem(), block.row(entry)).toString(),
                block.query(entry),
                block.isApi(entry) ? QueryEvent.Source.API : QueryEvent.Source.PROXY,
                !block.isFailed(entry),
                block.durationNanos(entry) / NANOS_PER_MILLI,
                block.heldNanos(entry) / NANOS_PER_MILLI,
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1000),
                origin.blueprint(),
                origin.engine(),
                block.errorCode(entry),
                block.error(entry),
                block.rows(entry),
                block.client(entry),
                origin.login());
    }

    private Origin origin(int number) throws SQLException {
        Origin known = origins.get(number);
        if (known != null) {
            return known;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT blueprint, engine, login FROM origins WHERE no = ?")) {
            statement.setInt(1, number);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Origin origin = new Origin(row.getString(1), Engine.parse(row.getString(2)), row.getString(3));
                origins.put(number, origin);
                return origin;
            }
        }
    }
}
