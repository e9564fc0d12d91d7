package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.message;
import static dev.tdb.postgres.frontend.ClientBytes.string;

import java.nio.charset.StandardCharsets;

/** What a server replies, written by hand. */
final class ServerBytes {
    private ServerBytes() {}

    static byte[] parseComplete() {
        return message('1', body -> {});
    }

    static byte[] bindComplete() {
        return message('2', body -> {});
    }

    static byte[] closeComplete() {
        return message('3', body -> {});
    }

    static byte[] noData() {
        return message('n', body -> {});
    }

    static byte[] parameterDescription() {
        return message('t', body -> body.writeShort(0));
    }

    static byte[] rowDescription() {
        return message('T', body -> body.writeShort(0));
    }

    static byte[] dataRow(String value) {
        return message('D', body -> {
            body.writeShort(1).writeInt(value.length());
            body.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        });
    }

    static byte[] complete(String tag) {
        return message('C', body -> string(body, tag));
    }

    static byte[] emptyQuery() {
        return message('I', body -> {});
    }

    static byte[] suspended() {
        return message('s', body -> {});
    }

    static byte[] ready(char status) {
        return message('Z', body -> body.writeByte(status));
    }

    static byte[] error(String severity, String sqlState, String text) {
        return message('E', body -> {
            string(body.writeByte('S'), severity);
            string(body.writeByte('V'), severity);
            string(body.writeByte('C'), sqlState);
            string(body.writeByte('M'), text);
            body.writeByte(0);
        });
    }

    static byte[] error() {
        return error("ERROR", "42P01", "relation does not exist");
    }

    static byte[] notice(String text) {
        return message('N', body -> {
            string(body.writeByte('S'), "NOTICE");
            string(body.writeByte('C'), "00000");
            string(body.writeByte('M'), text);
            body.writeByte(0);
        });
    }

    static byte[] copyIn() {
        return message('G', body -> body.writeByte(0).writeShort(0));
    }

    static byte[] copyOut() {
        return message('H', body -> body.writeByte(0).writeShort(0));
    }

    static byte[] copyBoth() {
        return message('W', body -> body.writeByte(0).writeShort(0));
    }

    static byte[] functionResult() {
        return message('V', body -> body.writeInt(-1));
    }

    static byte[] parameter(String name, String value) {
        return message('S', body -> {
            string(body, name);
            string(body, value);
        });
    }

    static byte[] notification(String channel) {
        return message('A', body -> {
            body.writeInt(7);
            string(body, channel);
            string(body, "");
        });
    }
}
