package dev.tdb.control.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.LiteralMask;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryLogTest {
    private static final ProjectId PROJECT = new ProjectId("tdb_00000001");
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    @TempDir
    Path directory;

    private final QueryEvents events = new QueryEvents(1 << 14);
    private volatile Instant now = NOON;
    private final InstantSource clock = () -> now;
    private QueryLogSettings settings;
    private QueryLogWriter writer;
    private QueryLog queryLog;

    @BeforeEach
    void open() {
        settings = QueryLogSettings.in(directory);
        start();
    }

    private void start() {
        writer = new QueryLogWriter(events, settings, Map.of(Engine.POSTGRES, LiteralMask.everything()), clock);
        queryLog = new QueryLog(settings, events, writer, clock);
        writer.start();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private static QueryEvent event(String tenant, Instant at, String text, String errorCode, Duration duration) {
        return new QueryEvent(
                new RouteKey(Engine.POSTGRES, PROJECT, new DatabaseName("shop", tenant)),
                text.startsWith("api:") ? QueryEvent.Source.API : QueryEvent.Source.PROXY,
                LogSearch.micros(at),
                "key_1",
                "127.0.0.1:5000",
                text,
                errorCode,
                errorCode.isEmpty() ? "" : "something is wrong",
                duration.toNanos(),
                Duration.ofMillis(1).toNanos(),
                7,
                100);
    }

    private void log(String tenant, String text) {
        events.offer(event(tenant, now, text, "", Duration.ofMillis(2)));
    }

    /** Ends the writer, which writes everything first, and begins a new one. */
    private void flush() {
        writer.close();
        start();
    }

    private static LogFilter filter(
            int limit,
            int offset,
            LogFilter.@Nullable Type type,
            String search,
            QueryEvent.@Nullable Source source,
            @Nullable Instant since) {
        return new LogFilter(limit, offset, type, search, source, since, null);
    }

    private List<String> texts(String tenant, LogFilter filter) {
        return queryLog.search(PROJECT, tenant, filter).entries().stream()
                .map(LogEntry::query)
                .toList();
    }

    @Test
    void anEntryIsSeenWithinASecondWithAllItsFields() {
        events.offer(event("acme", now, "SELECT nothing", "42703", Duration.ofMillis(700)));

        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !texts("acme", LogFilter.newest()).isEmpty());

        LogEntry entry =
                queryLog.search(PROJECT, "acme", LogFilter.newest()).entries().getFirst();
        assertThat(entry.query()).isEqualTo("SELECT nothing");
        assertThat(entry.success()).isFalse();
        assertThat(entry.errorCode()).isEqualTo("42703");
        assertThat(entry.durationMs()).isEqualTo(700);
        assertThat(entry.heldMs()).isEqualTo(1);
        assertThat(entry.createdAt()).isEqualTo(NOON);
        assertThat(entry.blueprint()).isEqualTo("shop");
        assertThat(entry.engine()).isEqualTo(Engine.POSTGRES);
        assertThat(entry.rows()).isEqualTo(7);
        assertThat(entry.client()).isEqualTo("127.0.0.1:5000");
        assertThat(entry.user()).isEqualTo("key_1");
        assertThat(entry.source()).isEqualTo(QueryEvent.Source.PROXY);
    }

    @Test
    void aTenantSeesItsOwnEntriesOnly() {
        log("acme", "SELECT 1");
        log("globex", "SELECT 2");
        flush();

        assertThat(texts("acme", LogFilter.newest())).containsExactly("SELECT 1");
        assertThat(texts("initech", LogFilter.newest())).isEmpty();
        assertThat(queryLog.search(new ProjectId("tdb_00000002"), "acme", LogFilter.newest())
                        .entries())
                .isEmpty();
    }

    @Test
    void filtersNarrowAndCombine() {
        events.offer(event("acme", now, "SELECT a", "", Duration.ofMillis(1)));
        events.offer(event("acme", now, "select B_50%", "", Duration.ofMillis(500)));
        events.offer(event("acme", now, "api: SELECT ÄRGER", "42601", Duration.ofMillis(2)));
        flush();

        assertThat(texts("acme", filter(50, 0, LogFilter.Type.ERROR, "", null, null)))
                .containsExactly("api: SELECT ÄRGER");
        assertThat(texts("acme", filter(50, 0, LogFilter.Type.SLOW, "", null, null)))
                .containsExactly("select B_50%");
        assertThat(texts("acme", filter(50, 0, null, "SELECT b", null, null))).containsExactly("select B_50%");
        assertThat(texts("acme", filter(50, 0, null, "_50%", null, null))).containsExactly("select B_50%");
        assertThat(texts("acme", filter(50, 0, null, "T_A", null, null))).isEmpty();
        assertThat(texts("acme", filter(50, 0, null, "ärger", null, null))).containsExactly("api: SELECT ÄRGER");
        assertThat(texts("acme", filter(50, 0, null, "", QueryEvent.Source.API, null)))
                .containsExactly("api: SELECT ÄRGER");
        assertThat(texts("acme", filter(50, 0, LogFilter.Type.ERROR, "", QueryEvent.Source.PROXY, null)))
                .isEmpty();
    }

    @Test
    void pagesGoOverTheDaysNewestFirst() throws IOException {
        for (int day = 0; day < 3; day++) {
            now = NOON.plus(Duration.ofDays(day));
            for (int i = 0; i < 4; i++) {
                now = now.plusSeconds(1);
                log("acme", "d" + day + "q" + i);
            }
            flush();
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".db"))).hasSize(3);
        }

        LogPage first = queryLog.search(PROJECT, "acme", filter(5, 0, null, "", null, null));
        LogPage second = queryLog.search(PROJECT, "acme", filter(5, 5, null, "", null, null));
        LogPage third = queryLog.search(PROJECT, "acme", filter(5, 10, null, "", null, null));

        assertThat(Stream.of(first, second, third)
                        .flatMap(page -> page.entries().stream())
                        .map(LogEntry::query))
                .containsExactly(
                        "d2q3", "d2q2", "d2q1", "d2q0", "d1q3", "d1q2", "d1q1", "d1q0", "d0q3", "d0q2", "d0q1", "d0q0");
        assertThat(first.hasMore()).isTrue();
        assertThat(second.hasMore()).isTrue();
        assertThat(third.hasMore()).isFalse();
        assertThat(queryLog.search(PROJECT, "acme", filter(5, 9, null, "", null, null))
                        .entries())
                .extracting(LogEntry::query)
                .containsExactly("d0q2", "d0q1", "d0q0");
        assertThat(texts("acme", filter(50, 0, null, "", null, now.minus(Duration.ofHours(1)))))
                .containsExactly("d2q3", "d2q2", "d2q1", "d2q0");
        assertThat(queryLog.search(PROJECT, "acme", LogFilter.newest()).entries())
                .extracting(LogEntry::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void statsCountExactlyFromAnyMomentOn() {
        Instant start = NOON.plusSeconds(123);
        IntStream.range(0, 200)
                .forEach(i -> events.offer(event(
                        "acme",
                        start.plusSeconds(60L * i),
                        (i % 4 == 0 ? "api: " : "") + "q" + i,
                        i % 10 == 0 ? "22012" : "",
                        Duration.ofMillis(i + 1))));
        now = start.plusSeconds(60L * 200);
        flush();

        LogStats all = queryLog.stats(PROJECT, "acme", null);
        LogStats last = queryLog.stats(PROJECT, "acme", start.plusSeconds(60L * 101));

        assertThat(all.total()).isEqualTo(200);
        assertThat(all.failed()).isEqualTo(20);
        assertThat(all.successful()).isEqualTo(180);
        assertThat(all.successRate()).isEqualTo(90);
        assertThat(all.bySourceApi()).isEqualTo(50);
        assertThat(all.bySourceProxy()).isEqualTo(150);
        assertThat(all.averageMs()).isCloseTo(100.5, within(0.001));
        assertThat(all.maxMs()).isEqualTo(200);
        assertThat(all.p50Ms()).isCloseTo(100, within(5.0));
        assertThat(all.p95Ms()).isCloseTo(190, within(9.5));
        assertThat(all.slow()).isZero();
        assertThat(last.total()).isEqualTo(99);
        assertThat(last.averageMs()).isCloseTo(151, within(0.001));
        assertThat(queryLog.metrics(PROJECT, "acme").hour().total()).isEqualTo(60);
        assertThat(queryLog.metrics(PROJECT, "acme").week()).isEqualTo(all);
        assertThat(queryLog.stats(PROJECT, "globex", null).successRate()).isEqualTo(100);
    }

    @Test
    void daysBeyondTheRetentionAreRemoved() {
        log("acme", "old");
        flush();
        now = NOON.plus(Duration.ofDays(settings.retentionDays()));
        log("acme", "kept");
        flush();
        assertThat(texts("acme", LogFilter.newest())).containsExactly("kept", "old");

        now = now.plus(Duration.ofDays(1));
        log("acme", "new");
        flush();

        assertThat(texts("acme", LogFilter.newest())).containsExactly("new", "kept");
    }

    @Test
    void theDiskLimitCostsTheOldestEntries() throws IOException {
        writer.close();
        settings = new QueryLogSettings(directory, 7, 1 << 20, Duration.ofMillis(500), false);
        start();
        Random random = new Random(1);
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 100; i++) {
                log("acme", round + " " + i + " x" + unpackable(random));
            }
            now = now.plus(Duration.ofMinutes(1));
            flush();
        }

        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        // The file that is being written to may pass the limit by what one batch adds.
        assertThat(bytes).isLessThan((1 << 20) + 400_000);
        assertThat(texts("acme", LogFilter.newest()).getFirst()).startsWith("29 99 ");
        assertThat(texts("acme", filter(10, 0, null, "0 0 x", null, null)))
                .noneMatch(entry -> entry.startsWith("0 0 "));
    }

    /** A thousand characters that no compression makes much shorter. */
    private static String unpackable(Random random) {
        return random.ints(1000, ' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
    }

    @Test
    void aDiskThatFailsCostsEntriesAndNothingElse() throws IOException {
        writer.close();
        Path file = Files.writeString(directory.resolve("file"), "no folder");
        settings = QueryLogSettings.in(file.resolve("log"));
        start();
        log("acme", "lost");

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> queryLog.dropped() == 1);

        assertThat(queryLog.search(PROJECT, "acme", LogFilter.newest()).entries())
                .isEmpty();
    }

    @Test
    void aDiskThatTakesEntriesAgainGetsThem() throws IOException {
        writer.close();
        Path file = Files.writeString(directory.resolve("full"), "no folder");
        settings = QueryLogSettings.in(file.resolve("log"));
        start();
        log("acme", "lost");
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> queryLog.dropped() == 1);

        Files.delete(file);
        log("acme", "kept");

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(texts("acme", LogFilter.newest())).containsExactly("kept"));
        assertThat(queryLog.dropped()).isEqualTo(1);
    }

    @Test
    void aSpoiltFileIsLeftOutAndTheDayGoesOnInTheNext() throws IOException {
        now = NOON.minus(Duration.ofDays(1));
        log("acme", "yesterday");
        flush();
        now = NOON;
        writer.close();
        Files.writeString(directory.resolve("2026-03-10.0001.db"), "this is no database at all".repeat(500));
        start();

        log("acme", "today");
        flush();

        assertThat(texts("acme", LogFilter.newest())).containsExactly("today", "yesterday");
        assertThat(queryLog.stats(PROJECT, "acme", null).total()).isEqualTo(2);
        assertThat(directory.resolve("2026-03-10.0002.db")).exists();
        assertThat(queryLog.dropped()).isZero();
    }

    @Test
    void aFileThatWasRemovedIsMadeAgain() throws IOException {
        log("acme", "gone");
        Awaitility.await().until(() -> texts("acme", LogFilter.newest()).size() == 1);
        Files.delete(directory.resolve("2026-03-10.0001.db"));
        Files.deleteIfExists(directory.resolve("2026-03-10.0001.db-wal"));
        Files.deleteIfExists(directory.resolve("2026-03-10.0001.db-shm"));

        now = NOON.plus(Duration.ofMinutes(1));
        log("acme", "here");

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(texts("acme", LogFilter.newest())).containsExactly("here"));
    }

    @Test
    void pagesThatAreLinkedByAnIdStandStillWhileEntriesAreAdded() {
        for (int day = 0; day < 2; day++) {
            now = NOON.plus(Duration.ofDays(day));
            for (int i = 0; i < 4; i++) {
                events.offer(event("acme", now, "d" + day + "q" + i, i == 3 ? "42601" : "", Duration.ofMillis(2)));
                log("globex", "other");
            }
            flush();
        }
        List<String> seen = new ArrayList<>();
        @Nullable String before = null;
        boolean more = true;
        while (more) {
            LogPage page = queryLog.search(PROJECT, "acme", new LogFilter(3, 0, null, "", null, null, before));
            page.entries().forEach(entry -> seen.add(entry.query()));
            before = page.entries().getLast().id();
            more = page.hasMore();
            log("acme", "newer");
            flush();
        }

        assertThat(seen).containsExactly("d1q3", "d1q2", "d1q1", "d1q0", "d0q3", "d0q2", "d0q1", "d0q0");
        String last = queryLog.search(PROJECT, "acme", LogFilter.newest())
                .entries()
                .getLast()
                .id();
        assertThat(queryLog.search(PROJECT, "acme", new LogFilter(3, 0, null, "", null, null, last))
                        .entries())
                .isEmpty();
        assertThatThrownBy(() -> queryLog.search(PROJECT, "globex", new LogFilter(3, 0, null, "", null, null, last)))
                .hasMessage("before is no entry of this tenant");
        assertThatThrownBy(() -> queryLog.search(PROJECT, "acme", new LogFilter(3, 0, null, "", null, null, "7")))
                .hasMessageContaining("must be the id");
        assertThatThrownBy(() -> queryLog.search(PROJECT, "acme", new LogFilter(3, 1, null, "", null, null, last)))
                .hasMessageContaining("exclude each other");
    }

    @Test
    void offsetsCountWhatTheFilterFinds() {
        for (int day = 0; day < 3; day++) {
            now = NOON.plus(Duration.ofDays(day));
            for (int i = 0; i < 10; i++) {
                String text = (i % 2 == 0 ? "api: " : "") + "d" + day + "q" + i;
                events.offer(event("acme", now, text, i % 5 == 0 ? "42601" : "", Duration.ofMillis(100L * i)));
            }
            flush();
        }

        assertThat(texts("acme", filter(3, 3, LogFilter.Type.ERROR, "", null, null)))
                .containsExactly("api: d1q0", "d0q5", "api: d0q0");
        assertThat(texts("acme", filter(2, 6, LogFilter.Type.SLOW, "", null, null)))
                .containsExactly("api: d1q8", "d1q7");
        assertThat(texts("acme", filter(2, 9, null, "", QueryEvent.Source.API, null)))
                .containsExactly("api: d1q0", "api: d0q8");
        List<String> proxied = texts("acme", filter(50, 0, null, "", QueryEvent.Source.PROXY, null));
        assertThat(proxied).hasSize(15);
        for (int offset = 0; offset < 15; offset++) {
            assertThat(texts("acme", filter(2, offset, null, "", QueryEvent.Source.PROXY, null)))
                    .isEqualTo(proxied.subList(offset, Math.min(15, offset + 2)));
        }
        assertThat(texts("acme", filter(2, 14, null, "", QueryEvent.Source.PROXY, null)))
                .containsExactly("d0q1");
        assertThat(texts("acme", filter(5, 1, null, "Q3", null, null))).containsExactly("d1q3", "d0q3");
        assertThat(texts("acme", filter(5, 29, null, "", null, null))).containsExactly("api: d0q0");
        assertThat(texts("acme", filter(5, 30, null, "", null, null))).isEmpty();
    }

    @Test
    void aQueryBelongsToTheTimeAtWhichItEnded() {
        events.offer(event("acme", now.minusSeconds(7200), "long", "", Duration.ofSeconds(7100)));
        flush();

        assertThat(texts("acme", filter(5, 0, null, "", null, now.minusSeconds(3600))))
                .containsExactly("long");
        assertThat(queryLog.stats(PROJECT, "acme", now.minusSeconds(3600)).total())
                .isEqualTo(1);
        assertThat(queryLog.metrics(PROJECT, "acme").hour().held()).isEqualTo(1);
        assertThat(texts("acme", filter(5, 0, null, "", null, now.minusSeconds(99))))
                .isEmpty();
        assertThat(queryLog.stats(PROJECT, "acme", now.minusSeconds(99)).total())
                .isZero();
    }

    @Test
    void otherLettersThanLatinOnesAreFoundInAnyCase() {
        log("acme", "SELECT 'Приве́т [мир]*?'");
        log("acme", "SELECT 'GRÖSSE ΣΊΣΥΦΟΣ 𐐀'");
        log("acme", "SELECT 'plain'");
        flush();

        assertThat(texts("acme", filter(5, 0, null, "приВЕ", null, null))).hasSize(1);
        assertThat(texts("acme", filter(5, 0, null, "[МИР]*?", null, null))).hasSize(1);
        assertThat(texts("acme", filter(5, 0, null, "select 'grösse", null, null)))
                .hasSize(1);
        assertThat(texts("acme", filter(5, 0, null, "σίσυφ", null, null))).hasSize(1);
        assertThat(texts("acme", filter(5, 0, null, "𐐨", null, null))).hasSize(1);
        assertThat(texts("acme", filter(5, 0, null, "мир?", null, null))).isEmpty();
    }

    @Test
    void whatIsMaskedIsNotWritten() {
        writer.close();
        settings = new QueryLogSettings(directory, 7, 1 << 24, Duration.ofMillis(500), true);
        start();
        events.offer(event("acme", now, "SELECT 'secret'", "22P02", Duration.ofMillis(1)));
        flush();

        LogEntry entry =
                queryLog.search(PROJECT, "acme", LogFilter.newest()).entries().getFirst();

        assertThat(entry.query()).isEqualTo("?");
        assertThat(entry.error()).isEmpty();
        assertThat(entry.errorCode()).isEqualTo("22P02");
        assertThat(texts("acme", filter(5, 0, null, "secret", null, null))).isEmpty();
    }

    @Test
    void aLongTextIsCut() {
        log("acme", "x".repeat(QueryEvent.TEXT_BYTES_MAX + 1));
        flush();

        assertThat(texts("acme", LogFilter.newest())).containsExactly("x".repeat(QueryEvent.TEXT_BYTES_MAX));
    }

    @Test
    void itsMetersSayWhatWasWrittenAndWhatItTakes() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        queryLog.bindTo(meters);
        log("acme", "SELECT 1");

        Awaitility.await()
                .until(() -> meters.get("control.querylog.entries.written")
                                .functionCounter()
                                .count()
                        == 1);

        assertThat(meters.get("control.querylog.entries.lost").functionCounter().count())
                .isZero();
        assertThat(meters.get("control.querylog.size").gauge().value()).isGreaterThan(4096);
    }

    @Test
    void aLimitOutOfRangeIsRefused() {
        assertThatThrownBy(() -> queryLog.search(PROJECT, "acme", filter(1001, 0, null, "", null, null)))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("between 1 and 1000");
    }
}
