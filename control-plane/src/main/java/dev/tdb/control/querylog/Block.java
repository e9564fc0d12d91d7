package dev.tdb.control.querylog;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.sql.SQLException;
import java.util.Objects;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Entries of one tenant that lie together, unpacked; an entry is called by its place in the block, from 0 on. */
final class Block {
    private static final int CONTENT_BYTES_MAX = 16 << 20;

    private final long firstRow;
    private final String[] texts;
    private final byte[] flags;
    private final int[] text;
    private final int[] client;
    private final int[] origin;
    private final int[] code;
    private final int[] error;
    private final long[] started;
    private final long[] duration;
    private final long[] held;
    private final long[] rows;

    private Block(long firstRow, PackedReader in) {
        this.firstRow = firstRow;
        this.texts = new String[in.count()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = in.text();
        }
        int count = in.count();
        this.flags = new byte[count];
        this.text = new int[count];
        this.client = new int[count];
        this.origin = new int[count];
        this.code = new int[count];
        this.error = new int[count];
        this.started = new long[count];
        this.duration = new long[count];
        this.held = new long[count];
        this.rows = new long[count];
        long lastStart = 0;
        for (int i = 0; i < count; i++) {
            flags[i] = (byte) in.number();
            text[i] = textNo(in);
            client[i] = textNo(in);
            origin[i] = (int) in.number();
            lastStart += in.signed();
            started[i] = lastStart;
            duration[i] = in.number();
            rows[i] = in.signed();
            in.number(); // the reply's bytes, which nothing asks for yet
            held[i] = is(i, BlockBuilder.HELD) ? in.number() : 0;
            code[i] = isFailed(i) ? textNo(in) : -1;
            error[i] = isFailed(i) ? textNo(in) : -1;
        }
    }

    private int textNo(PackedReader in) {
        return Objects.checkIndex((int) Math.min(in.number(), Integer.MAX_VALUE), texts.length);
    }

    /** @throws SQLException that says the file is spoilt when these bytes are no block */
    static Block of(long firstRow, byte[] data) throws SQLException {
        try {
            return new Block(firstRow, content(data));
        } catch (IndexOutOfBoundsException | ZstdException e) {
            SQLiteException spoilt =
                    new SQLiteException("block " + firstRow + " cannot be read", SQLiteErrorCode.SQLITE_CORRUPT);
            spoilt.initCause(e);
            throw spoilt;
        }
    }

    /** At the texts of a block, which is unpacked where need be. */
    private static PackedReader content(byte[] data) {
        PackedReader in = new PackedReader(data);
        if (in.number() == BlockBuilder.PLAIN) {
            return in;
        }
        long length = in.number();
        if (length < 0 || length > CONTENT_BYTES_MAX) {
            throw new IndexOutOfBoundsException("a block of " + length + " bytes");
        }
        int at = in.at();
        byte[] plain = new byte[(int) length];
        long unpacked = Zstd.decompressByteArray(plain, 0, plain.length, data, at, data.length - at);
        if (unpacked != length) {
            throw new IndexOutOfBoundsException(unpacked + " of " + length + " bytes");
        }
        PackedReader content = new PackedReader(plain);
        content.number(); // that it is plain now
        return content;
    }

    int count() {
        return flags.length;
    }

    long row(int entry) {
        return firstRow + entry;
    }

    private boolean is(int entry, int flag) {
        return (flags[entry] & flag) != 0;
    }

    boolean isApi(int entry) {
        return is(entry, BlockBuilder.API);
    }

    boolean isFailed(int entry) {
        return is(entry, BlockBuilder.FAILED);
    }

    boolean isSlow(int entry) {
        return is(entry, BlockBuilder.SLOW);
    }

    /** How many different texts there are, of all kinds. */
    int texts() {
        return texts.length;
    }

    /** The number of its query's text, below {@link #texts}: equal texts have the same one. */
    int queryNo(int entry) {
        return text[entry];
    }

    String query(int entry) {
        return texts[text[entry]];
    }

    String client(int entry) {
        return texts[client[entry]];
    }

    int originNo(int entry) {
        return origin[entry];
    }

    /** Empty on success. */
    String errorCode(int entry) {
        return isFailed(entry) ? texts[code[entry]] : "";
    }

    String error(int entry) {
        return isFailed(entry) ? texts[error[entry]] : "";
    }

    long startedMicros(int entry) {
        return started[entry];
    }

    long endedMicros(int entry) {
        return started[entry] + duration[entry] / 1000;
    }

    long durationNanos(int entry) {
        return duration[entry];
    }

    long heldNanos(int entry) {
        return held[entry];
    }

    long rows(int entry) {
        return rows[entry];
    }
}
