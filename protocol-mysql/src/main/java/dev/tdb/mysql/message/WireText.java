package dev.tdb.mysql.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Strings that end with a zero byte or with their packet, and bytes that must be there. */
final class WireText {
    private WireText() {}

    static String readToZero(ByteBuf in) {
        return new String(readBytesToZero(in), StandardCharsets.UTF_8);
    }

    static byte[] readBytesToZero(ByteBuf in) {
        int count = in.bytesBefore((byte) 0);
        if (count < 0) {
            throw new ProtocolViolation("a string without its end");
        }
        byte[] bytes = readBytes(in, count);
        in.skipBytes(1);
        return bytes;
    }

    /** A character that is zero would end the string early, and so is left out. */
    static void writeToZero(ByteBuf out, String text) {
        out.writeCharSequence(text.indexOf('\0') < 0 ? text : text.replace("\0", ""), StandardCharsets.UTF_8);
        out.writeByte(0);
    }

    static String readRest(ByteBuf in) {
        return new String(readBytes(in, in.readableBytes()), StandardCharsets.UTF_8);
    }

    static void write(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.UTF_8);
    }

    static byte[] readBytes(ByteBuf in, int count) {
        need(in, count);
        byte[] bytes = new byte[count];
        in.readBytes(bytes);
        return bytes;
    }

    static void need(ByteBuf in, int count) {
        if (in.readableBytes() < count) {
            throw new ProtocolViolation("a packet ends early");
        }
    }
}
