package dev.tdb.control.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class BlockTest {
    private static final RouteKey ROUTE =
            new RouteKey(Engine.POSTGRES, new ProjectId("tdb_00000001"), new DatabaseName("shop", "acme"));
    private static final long[] EDGES = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE};

    private static QueryEvent event(Random random) {
        boolean isFailed = random.nextInt(4) == 0;
        return new QueryEvent(
                ROUTE,
                random.nextBoolean() ? QueryEvent.Source.API : QueryEvent.Source.PROXY,
                random.nextLong(1L << 52),
                "key_1",
                "127.0.0.1:" + random.nextInt(3),
                "SELECT 'ä𐐀' -- " + random.nextInt(20),
                isFailed ? "22012" : "",
                isFailed ? "division by zero " + random.nextInt(3) : "",
                random.nextLong(1L << 40),
                random.nextBoolean() ? 0 : random.nextLong(1L << 40),
                random.nextBoolean() ? -1 : EDGES[random.nextInt(EDGES.length)],
                EDGES[random.nextInt(EDGES.length)]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 63, 64, 1000})
    void saysWhatItWasTold(int count) throws SQLException {
        Random random = new Random(count);
        BlockBuilder builder = new BlockBuilder(7, 0);
        List<QueryEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            QueryEvent event = event(random);
            events.add(event);
            builder.add(event, i % 3, i % 7 == 0, event.text(), event.error());
        }

        Block block = Block.of(7, data(builder));

        assertThat(block.count()).isEqualTo(count).isEqualTo(builder.count());
        for (int i = 0; i < count; i++) {
            QueryEvent event = events.get(i);
            assertThat(block.row(i)).isEqualTo(7 + i);
            assertThat(block.query(i)).isEqualTo(event.text());
            assertThat(block.client(i)).isEqualTo(event.client());
            assertThat(block.originNo(i)).isEqualTo(i % 3);
            assertThat(block.startedMicros(i)).isEqualTo(event.startedAtMicros());
            assertThat(block.endedMicros(i)).isEqualTo(event.startedAtMicros() + event.durationNanos() / 1000);
            assertThat(block.durationNanos(i)).isEqualTo(event.durationNanos());
            assertThat(block.heldNanos(i)).isEqualTo(event.heldNanos());
            assertThat(block.rows(i)).isEqualTo(event.rows());
            assertThat(block.isApi(i)).isEqualTo(event.source() == QueryEvent.Source.API);
            assertThat(block.isSlow(i)).isEqualTo(i % 7 == 0);
            assertThat(block.isFailed(i)).isEqualTo(!event.success());
            assertThat(block.errorCode(i)).isEqualTo(event.errorCode());
            assertThat(block.error(i)).isEqualTo(event.error());
        }
        assertThat(builder.failed()).isEqualTo((int)
                events.stream().filter(event -> !event.success()).count());
        assertThat(builder.endedMicros())
                .isEqualTo(events.stream()
                        .mapToLong(event -> event.startedAtMicros() + event.durationNanos() / 1000)
                        .max()
                        .orElseThrow());
    }

    private static byte[] data(BlockBuilder builder) {
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            return builder.data(zstd);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 500})
    void whatIsSpoiltIsSaidToBe(int count) throws SQLException {
        Random random = new Random(count);
        BlockBuilder builder = new BlockBuilder(1, 0);
        for (int i = 0; i < count; i++) {
            QueryEvent event = event(random);
            builder.add(event, 1, false, event.text(), event.error());
        }
        byte[] whole = data(builder);

        for (int length = 0; length < whole.length; length += 1 + length / 20) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Block.of(1, cut))
                    .isInstanceOfSatisfying(
                            SQLiteException.class,
                            e -> assertThat(e.getResultCode()).isEqualTo(SQLiteErrorCode.SQLITE_CORRUPT));
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                read(Block.of(1, changed));
            } catch (SQLiteException e) {
                assertThat(e.getResultCode()).isEqualTo(SQLiteErrorCode.SQLITE_CORRUPT);
            }
        }
    }

    private static void read(Block block) {
        for (int i = 0; i < block.count(); i++) {
            assertThat(block.query(i)).isNotNull();
            assertThat(block.client(i)).isNotNull();
            assertThat(block.errorCode(i)).isNotNull();
            assertThat(block.error(i)).isNotNull();
        }
    }
}
