package dev.tdb.control.querylog;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.tdb.proxy.observe.QueryEvent;
import java.util.HashMap;
import java.util.Map;

/**
 * Entries of one tenant as they become one row of the log, in their order: each text once, then the entries as small
 * numbers, a dozen bytes each, compressed when there are many. {@link Block} reads it. Used by the writer's thread.
 *
 * <pre>
 *   0 texts n × text  entries n × entry            or 1, the length of all that, and all that compressed
 *   entry: flags text client origin Δstart duration rows bytes [held] [code error]
 * </pre>
 */
final class BlockBuilder {
    static final int API = 1;
    static final int FAILED = 1 << 1;
    static final int SLOW = 1 << 2;
    static final int HELD = 1 << 3;

    static final byte PLAIN = 0;
    static final byte COMPRESSED = 1;

    /** Who reads one entry unpacks its whole block. */
    private static final int ENTRIES_MAX = 4096;

    private static final int BYTES_MAX = 256 << 10;

    /** A block that is short when a batch has been written is gone on with in the next one, and written again. */
    private static final int SHORT_ENTRIES = 64;

    private static final int SHORT_BYTES = 8 << 10;

    private final long firstRow;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final PackedWriter texts = new PackedWriter();
    private final PackedWriter entries = new PackedWriter();
    private int count;
    private int failed;
    private int slow;
    private int api;
    private long endedMicros;
    private long lastStart;

    /** @param endedMicros before which no entry of this tenant ends */
    BlockBuilder(long firstRow, long endedMicros) {
        this.firstRow = firstRow;
        this.endedMicros = endedMicros;
    }

    /**
     * @param text masked and cut
     * @param error likewise
     */
    void add(QueryEvent event, int originNo, boolean isSlow, String text, String error) {
        boolean isApi = event.source() == QueryEvent.Source.API;
        int flags = (isApi ? API : 0)
                | (event.success() ? 0 : FAILED)
                | (isSlow ? SLOW : 0)
                | (event.heldNanos() > 0 ? HELD : 0);
        entries.number(flags);
        entries.number(number(text));
        entries.number(number(event.client()));
        entries.number(originNo);
        entries.signed(event.startedAtMicros() - lastStart);
        entries.number(event.durationNanos());
        entries.signed(event.rows());
        entries.number(event.bytes());
        if ((flags & HELD) != 0) {
            entries.number(event.heldNanos());
        }
        if ((flags & FAILED) != 0) {
            entries.number(number(event.errorCode()));
            entries.number(number(error));
        }
        lastStart = event.startedAtMicros();
        endedMicros = Math.max(endedMicros, event.startedAtMicros() + event.durationNanos() / 1000);
        count++;
        failed += event.success() ? 0 : 1;
        slow += isSlow ? 1 : 0;
        api += isApi ? 1 : 0;
    }

    private int number(String text) {
        Integer known = numbers.get(text);
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        numbers.put(text, number);
        texts.text(text);
        return number;
    }

    /** Takes no more. */
    boolean isFull() {
        return count >= ENTRIES_MAX || bytes() >= BYTES_MAX;
    }

    boolean isShort() {
        return count < SHORT_ENTRIES && bytes() < SHORT_BYTES;
    }

    private int bytes() {
        return texts.size() + entries.size();
    }

    byte[] data(ZstdCompressCtx zstd) {
        PackedWriter plain = new PackedWriter();
        plain.number(PLAIN);
        plain.number(numbers.size());
        plain.all(texts);
        plain.number(count);
        plain.all(entries);
        byte[] data = plain.toBytes();
        if (isShort()) {
            return data;
        }
        PackedWriter packed = new PackedWriter();
        packed.number(COMPRESSED);
        packed.number(data.length);
        packed.all(zstd.compress(data));
        return packed.size() < data.length ? packed.toBytes() : data;
    }

    long firstRow() {
        return firstRow;
    }

    int count() {
        return count;
    }

    int failed() {
        return failed;
    }

    int slow() {
        return slow;
    }

    int api() {
        return api;
    }

    /** When the last entry ended, or one of the tenant's before it. */
    long endedMicros() {
        return endedMicros;
    }
}
