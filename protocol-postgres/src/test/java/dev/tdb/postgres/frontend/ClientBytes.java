package dev.tdb.postgres.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a client sends, written by hand. Strings are bytes, each character one. */
final class ClientBytes {
    private ClientBytes() {}

    static byte[] query(String sql) {
        return message('Q', body -> string(body, sql));
    }

    static byte[] parse(String name, String sql) {
        return message('P', body -> {
            string(body, name);
            string(body, sql);
            body.writeShort(0);
        });
    }

    static byte[] bind(String portal, String statement) {
        return message('B', body -> {
            string(body, portal);
            string(body, statement);
            body.writeShort(0).writeShort(0).writeShort(0);
        });
    }

    static byte[] describeStatement(String name) {
        return message('D', body -> string(body.writeByte('S'), name));
    }

    static byte[] describePortal(String name) {
        return message('D', body -> string(body.writeByte('P'), name));
    }

    static byte[] execute(String portal, int rowsMax) {
        return message('E', body -> {
            string(body, portal);
            body.writeInt(rowsMax);
        });
    }

    static byte[] execute() {
        return execute("", 0);
    }

    static byte[] closeStatement(String name) {
        return message('C', body -> string(body.writeByte('S'), name));
    }

    static byte[] sync() {
        return message('S', body -> {});
    }

    static byte[] flush() {
        return message('H', body -> {});
    }

    static byte[] terminate() {
        return message('X', body -> {});
    }

    static byte[] copyData(String data) {
        return message('d', body -> body.writeCharSequence(data, StandardCharsets.ISO_8859_1));
    }

    static byte[] copyDone() {
        return message('c', body -> {});
    }

    static byte[] copyFail(String why) {
        return message('f', body -> string(body, why));
    }

    static byte[] functionCall(int oid) {
        return message(
                'F', body -> body.writeInt(oid).writeShort(0).writeShort(0).writeShort(0));
    }

    static byte[] message(char type, Consumer<ByteBuf> body) {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(type).writeInt(0);
        body.accept(out);
        out.setInt(1, out.writerIndex() - 1);
        return ByteBufUtil.getBytes(out);
    }

    static void string(ByteBuf body, String text) {
        body.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        body.writeByte(0);
    }

    static byte[] all(byte[]... messages) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(messages));
    }
}
