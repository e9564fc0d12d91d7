package dev.tdb.it;

import dev.tdb.testkit.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A client's messages as bytes, written without the proxy's own codec, so that the two can disagree.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
final class PostgresMessages {
    private static final int PROTOCOL_3_0 = 3 << 16;
    private static final int CANCEL = 80877102;

    private PostgresMessages() {}

    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    static Bytes startup(String user, String database) {
        return untyped(out -> {
            out.writeInt(PROTOCOL_3_0);
            text(out, "user");
            text(out, user);
            text(out, "database");
            text(out, database);
            text(out, "application_name");
            text(out, "contract");
            out.writeByte(0);
        });
    }

    static Bytes cancelRequest(int processId, byte[] key) {
        return untyped(out -> {
            out.writeInt(CANCEL);
            out.writeInt(processId);
            out.write(key);
        });
    }

    static Bytes saslInitialResponse(String mechanism, byte[] first) {
        return typed('p', out -> {
            text(out, mechanism);
            out.writeInt(first.length);
            out.write(first);
        });
    }

    static Bytes saslResponse(byte[] data) {
        return typed('p', out -> out.write(data));
    }

    static Bytes query(String sql) {
        return typed('Q', out -> text(out, sql));
    }

    static Bytes parse(String name, String sql) {
        return typed('P', out -> {
            text(out, name);
            text(out, sql);
            out.writeShort(0);
        });
    }

    /** A statement with one parameter, of the type that has this OID. */
    static Bytes parse(String name, String sql, int parameterType) {
        return typed('P', out -> {
            text(out, name);
            text(out, sql);
            out.writeShort(1);
            out.writeInt(parameterType);
        });
    }

    /** The unnamed portal of a statement with one parameter, in text. */
    static Bytes bind(String statement, int parameter) {
        byte[] value = Integer.toString(parameter).getBytes(StandardCharsets.US_ASCII);
        return typed('B', out -> {
            text(out, "");
            text(out, statement);
            out.writeShort(0);
            out.writeShort(1);
            out.writeInt(value.length);
            out.write(value);
            out.writeShort(0);
        });
    }

    static Bytes describePortal() {
        return typed('D', out -> {
            out.writeByte('P');
            text(out, "");
        });
    }

    static Bytes describeStatement(String name) {
        return typed('D', out -> {
            out.writeByte('S');
            text(out, name);
        });
    }

    static Bytes execute() {
        return typed('E', out -> {
            text(out, "");
            out.writeInt(0);
        });
    }

    static Bytes closeStatement(String name) {
        return typed('C', out -> {
            out.writeByte('S');
            text(out, name);
        });
    }

    static Bytes copyData(String lines) {
        return typed('d', out -> out.write(lines.getBytes(StandardCharsets.UTF_8)));
    }

    static Bytes copyDone() {
        return typed('c', out -> {});
    }

    static Bytes flush() {
        return typed('H', out -> {});
    }

    static Bytes sync() {
        return typed('S', out -> {});
    }

    static Bytes terminate() {
        return typed('X', out -> {});
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }

    private static Bytes typed(char type, Body body) {
        byte[] rest = bytes(body);
        return Bytes.of(bytes(out -> {
            out.writeByte(type);
            out.writeInt(rest.length + 4);
            out.write(rest);
        }));
    }

    private static Bytes untyped(Body body) {
        byte[] rest = bytes(body);
        return Bytes.of(bytes(out -> {
            out.writeInt(rest.length + 4);
            out.write(rest);
        }));
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
