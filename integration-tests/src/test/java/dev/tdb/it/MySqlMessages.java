package dev.tdb.it;

import dev.tdb.testkit.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A client's packets as bytes, written without the proxy's own codec, so that the two can disagree.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html">Client/Server Protocol</a>
 */
final class MySqlMessages {
    static final int QUIT = 0x01;
    static final int QUERY = 0x03;
    static final int PING = 0x0e;
    static final int STMT_PREPARE = 0x16;
    static final int STMT_EXECUTE = 0x17;
    static final int STMT_CLOSE = 0x19;
    static final int STMT_SEND_LONG_DATA = 0x18;
    static final int STMT_RESET = 0x1a;
    static final int RESET_CONNECTION = 0x1f;

    private static final int PAYLOAD_MAX = 0xffffff;
    private static final byte LONG = 3;

    private MySqlMessages() {}

    /** One payload in as many packets as it needs. */
    static Bytes packets(int sequence, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 4);
        int next = sequence;
        int at = 0;
        int length;
        do {
            length = Math.min(PAYLOAD_MAX, payload.length - at);
            out.write(length);
            out.write(length >> 8);
            out.write(length >> 16);
            out.write(next++);
            out.write(payload, at, length);
            at += length;
        } while (length == PAYLOAD_MAX);
        return Bytes.of(out.toByteArray());
    }

    static Bytes command(int code, byte... body) {
        byte[] payload = new byte[1 + body.length];
        payload[0] = (byte) code;
        System.arraycopy(body, 0, payload, 1, body.length);
        return packets(0, payload);
    }

    static Bytes query(String sql) {
        return command(QUERY, sql.getBytes(StandardCharsets.UTF_8));
    }

    static Bytes prepare(String sql) {
        return command(STMT_PREPARE, sql.getBytes(StandardCharsets.UTF_8));
    }

    /** With one parameter, an INT. MariaDB wants its type with every execution of the statement that was prepared last. */
    static Bytes execute(int statementId, int parameter) {
        ByteBuffer body = ByteBuffer.allocate(9 + 1 + 1 + 2 + 4).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt(statementId).put((byte) 0).putInt(1);
        body.put((byte) 0).put((byte) 1).put(LONG).put((byte) 0).putInt(parameter);
        return command(STMT_EXECUTE, body.array());
    }

    static Bytes aboutStatement(int code, int statementId) {
        ByteBuffer body = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        return command(code, body.putInt(statementId).array());
    }

    static byte[] zeroTerminated(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
