package dev.tdb.postgres.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Messages of the extended protocol, appended to one buffer. Strings are bytes, each character one.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY">Extended Query</a>
 */
final class ExtendedRequest {
    private static final int TEXT_OID = 25;

    private final ByteBuf out;

    ExtendedRequest(ByteBuf out) {
        this.out = out;
    }

    /** Every parameter is of type {@code text}. */
    ExtendedRequest parse(String statement, String sql, int parameters) {
        int start = begin('P');
        string(statement);
        string(sql);
        out.writeShort(parameters);
        for (int i = 0; i < parameters; i++) {
            out.writeInt(TEXT_OID);
        }
        return end(start);
    }

    /** A Parse as a client sent it. */
    ExtendedRequest parse(byte[] body) {
        int start = begin('P');
        out.writeBytes(body);
        return end(start);
    }

    /** Binds the unnamed portal; parameters and results are text. */
    ExtendedRequest bind(String statement, List<String> values) {
        int start = begin('B');
        string("");
        string(statement);
        out.writeShort(0);
        out.writeShort(values.size());
        for (String value : values) {
            out.writeInt(value.length());
            out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        }
        out.writeShort(0);
        return end(start);
    }

    /** Executes the unnamed portal to its end. */
    ExtendedRequest execute() {
        int start = begin('E');
        string("");
        out.writeInt(0);
        return end(start);
    }

    ExtendedRequest closeStatement(String statement) {
        int start = begin('C');
        out.writeByte('S');
        string(statement);
        return end(start);
    }

    ExtendedRequest sync() {
        return end(begin('S'));
    }

    /** One whole message, copied. */
    static ByteBuf message(byte type, ByteBuf body, ByteBufAllocator allocator) {
        ByteBuf message = allocator.buffer(1 + Integer.BYTES + body.readableBytes());
        message.writeByte(type).writeInt(Integer.BYTES + body.readableBytes());
        return message.writeBytes(body, body.readerIndex(), body.readableBytes());
    }

    private int begin(char type) {
        out.writeByte(type);
        int lengthIndex = out.writerIndex();
        out.writeInt(0);
        return lengthIndex;
    }

    private ExtendedRequest end(int lengthIndex) {
        out.setInt(lengthIndex, out.writerIndex() - lengthIndex);
        return this;
    }

    private void string(String bytes) {
        out.writeCharSequence(bytes, StandardCharsets.ISO_8859_1);
        out.writeByte(0);
    }
}
