package dev.tdb.mysql.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * Integers and strings whose first byte says how long they are.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_dt_integers.html">Integer Types</a>
 */
public final class LengthEncoded {
    private static final int TWO_BYTES = 0xfc;
    private static final int THREE_BYTES = 0xfd;
    private static final int EIGHT_BYTES = 0xfe;
    /** In a row's place of a value: there is none. */
    public static final int NULL = 0xfb;

    private LengthEncoded() {}

    /** How many bytes a number takes that begins with {@code first}. */
    public static int bytes(int first) {
        return switch (first) {
            case TWO_BYTES -> 3;
            case THREE_BYTES -> 4;
            case EIGHT_BYTES -> 9;
            default -> 1;
        };
    }

    public static long readLong(ByteBuf in) {
        need(in, 1);
        int first = in.readUnsignedByte();
        return switch (first) {
            case NULL, 0xff -> throw new ProtocolViolation("a length that begins with " + first);
            case TWO_BYTES -> {
                need(in, 2);
                yield in.readUnsignedShortLE();
            }
            case THREE_BYTES -> {
                need(in, 3);
                yield in.readUnsignedMediumLE();
            }
            case EIGHT_BYTES -> {
                need(in, 8);
                yield in.readLongLE();
            }
            default -> first;
        };
    }

    public static void writeLong(ByteBuf out, long value) {
        if (value >= 0 && value < NULL) {
            out.writeByte((int) value);
        } else if (value >= 0 && value <= 0xffff) {
            out.writeByte(TWO_BYTES).writeShortLE((int) value);
        } else if (value >= 0 && value <= 0xff_ffff) {
            out.writeByte(THREE_BYTES).writeMediumLE((int) value);
        } else {
            out.writeByte(EIGHT_BYTES).writeLongLE(value);
        }
    }

    public static byte[] readBytes(ByteBuf in) {
        long length = readLong(in);
        if (length < 0 || length > in.readableBytes()) {
            throw new ProtocolViolation("a string of " + length + " bytes in a packet that has " + in.readableBytes());
        }
        byte[] bytes = new byte[(int) length];
        in.readBytes(bytes);
        return bytes;
    }

    public static void writeBytes(ByteBuf out, byte[] bytes) {
        writeLong(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void need(ByteBuf in, int count) {
        WireText.need(in, count);
    }
}
