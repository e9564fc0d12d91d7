package dev.tdb.mysql.codec;

import dev.tdb.mysql.message.LengthEncoded;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client says beside its statement, if it has agreed on that: parameters with names, in front of a text.
 *
 * <pre>
 *   count | 1 | NULLs, a bit each | 1 | type, name … | value … | text
 * </pre>
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html">COM_QUERY</a>
 */
public final class QueryAttributes {
    /** There are none: their count is 0, that of their sets 1. */
    public static final int NONE_BYTES = 2;

    /** Longer ones are not supported. */
    public static final int BYTES_MAX = 64 << 10;

    private static final int NONE = 0x0100;
    private static final int COUNT_MAX = 0xffff;

    private QueryAttributes() {}

    /** Whether at {@code index}, {@link #NONE_BYTES} being there, it says that there are none. */
    public static boolean isNone(ByteBuf bytes, int index) {
        return bytes.getUnsignedShortLE(index) == NONE;
    }

    public static void writeNone(ByteBuf out) {
        out.writeShortLE(NONE);
    }

    /** How many bytes they take at the beginning of {@code in}, which are read; -1 when it ends before they do. */
    public static int read(ByteBuf in) {
        int start = in.readerIndex();
        long count = length(in);
        long sets = length(in);
        if (count < 0 || sets < 0) {
            return -1;
        }
        if (count > COUNT_MAX || sets != 1) {
            throw new ProtocolViolation(count + " query attributes in " + sets + " sets");
        }
        if (count == 0) {
            return in.readerIndex() - start;
        }
        int nulls = in.readerIndex();
        if (!skip(in, (count + 7) / 8 + 1)) {
            return -1;
        }
        if (in.getByte(in.readerIndex() - 1) != 1) {
            throw new ProtocolViolation("query attributes without their types");
        }
        return readTypes(in, (int) count)
                .filter(types -> skipValues(in, types, nulls))
                .map(_ -> in.readerIndex() - start)
                .orElse(-1);
    }

    /** Types, each with a name behind it; empty when {@code in} ends before they do. */
    static Optional<List<Integer>> readTypes(ByteBuf in, int count) {
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (in.readableBytes() < PreparedStatement.TYPE_BYTES) {
                return Optional.empty();
            }
            types.add(in.readUnsignedShortLE());
            if (!skipString(in)) {
                return Optional.empty();
            }
        }
        return Optional.of(types);
    }

    /**
     * @param nulls where the bits are that say which values are not there
     * @return false when {@code in} ends before they do
     */
    static boolean skipValues(ByteBuf in, List<Integer> types, int nulls) {
        for (int i = 0; i < types.size(); i++) {
            boolean isNull = (in.getByte(nulls + i / 8) >> i % 8 & 1) == 1;
            if (!isNull && !skipValue(in, types.get(i) & 0xff)) {
                return false;
            }
        }
        return true;
    }

    private static boolean skipValue(ByteBuf in, int type) {
        return switch (type) {
            case 6 -> true; // NULL
            case 1, 244 -> skip(in, 1); // TINY, BOOL
            case 2, 13 -> skip(in, 2); // SHORT, YEAR
            case 3, 9, 4 -> skip(in, 4); // LONG, INT24, FLOAT
            case 8, 5 -> skip(in, 8); // LONGLONG, DOUBLE
            case 7, 10, 11, 12, 14, 17, 18, 19 -> // TIMESTAMP, DATE, TIME, DATETIME and their kin
                in.isReadable() && skip(in, 1 + in.getUnsignedByte(in.readerIndex()));
            default -> skipString(in);
        };
    }

    private static boolean skipString(ByteBuf in) {
        long length = length(in);
        return length >= 0 && skip(in, length);
    }

    private static boolean skip(ByteBuf in, long count) {
        if (count > in.readableBytes()) {
            return false;
        }
        in.skipBytes((int) count);
        return true;
    }

    /** -1 when {@code in} ends before it does. */
    static long length(ByteBuf in) {
        if (!in.isReadable() || in.readableBytes() < LengthEncoded.bytes(in.getUnsignedByte(in.readerIndex()))) {
            return -1;
        }
        long length = LengthEncoded.readLong(in);
        if (length < 0) {
            throw new ProtocolViolation("a length of 2^63 or more");
        }
        return length;
    }
}
