package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The protocol's own notation: zero-terminated strings, and a length that is known only at a message's end. */
final class WireText {
    private WireText() {}

    /** Starts a typed message; what it returns goes to {@link #end}. */
    static int begin(ByteBuf out, byte type) {
        out.writeByte(type);
        int lengthIndex = out.writerIndex();
        out.writeInt(0);
        return lengthIndex;
    }

    /** Fills in the length, which counts itself. */
    static void end(ByteBuf out, int lengthIndex) {
        out.setInt(lengthIndex, out.writerIndex() - lengthIndex);
    }

    /** A character that is zero would end the string early, and so is left out. */
    static void write(ByteBuf out, String text) {
        out.writeCharSequence(text.indexOf('\0') < 0 ? text : text.replace("\0", ""), StandardCharsets.UTF_8);
        out.writeByte(0);
    }

    /** A string that must be UTF-8, since it is given on as characters. */
    static String read(ByteBuf body) {
        return utf8(bytesBeforeZero(body));
    }

    /** All that is left, which must be UTF-8. */
    static String readAll(ByteBuf body) {
        return utf8(ByteBuffer.wrap(readRest(body)));
    }

    /** A string for people, in whatever encoding: what is not UTF-8 becomes a replacement character. */
    static String readLenient(ByteBuf body) {
        return StandardCharsets.UTF_8.decode(bytesBeforeZero(body)).toString();
    }

    static byte readByte(ByteBuf body) {
        need(body, 1);
        return body.readByte();
    }

    static int readInt(ByteBuf body) {
        need(body, Integer.BYTES);
        return body.readInt();
    }

    static byte[] readBytes(ByteBuf body, int count) {
        if (count < 0) {
            throw new ProtocolViolation("a length of " + count);
        }
        need(body, count);
        byte[] bytes = new byte[count];
        body.readBytes(bytes);
        return bytes;
    }

    static byte[] readRest(ByteBuf body) {
        return readBytes(body, body.readableBytes());
    }

    private static ByteBuffer bytesBeforeZero(ByteBuf body) {
        int count = body.bytesBefore((byte) 0);
        if (count < 0) {
            throw new ProtocolViolation("a string without its end");
        }
        ByteBuffer bytes = ByteBuffer.wrap(readBytes(body, count));
        body.skipBytes(1);
        return bytes;
    }

    private static String utf8(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException _) {
            throw new ProtocolViolation("a string is not UTF-8");
        }
    }

    private static void need(ByteBuf body, int count) {
        if (body.readableBytes() < count) {
            throw new ProtocolViolation("a message ends early");
        }
    }
}
