package dev.tdb.bench.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of commands; none is longer than a packet.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html">Command Phase</a>
 */
final class MySqlRequests {
    static final byte[] QUIT = packet(0, (byte) 0x01);
    private static final byte QUERY = 0x03;
    private static final byte STMT_PREPARE = 0x16;
    private static final byte STMT_EXECUTE = 0x17;
    private static final byte STMT_CLOSE = 0x19;
    private static final byte TYPE_LONG = 3;
    private static final int EXECUTE_BYTES = 1 + 4 + 1 + 4 + 1 + 1 + 2 + 4;

    private MySqlRequests() {}

    static byte[] query(String sql) {
        return text(QUERY, sql);
    }

    static byte[] prepare(String sql) {
        return text(STMT_PREPARE, sql);
    }

    /** Without a cursor, with one parameter: no nulls, its type, its value. */
    static byte[] execute(int statementId, int parameter) {
        return packet(
                0,
                little(EXECUTE_BYTES)
                        .put(STMT_EXECUTE)
                        .putInt(statementId)
                        .put((byte) 0)
                        .putInt(1)
                        .put((byte) 0)
                        .put((byte) 1)
                        .putShort(TYPE_LONG)
                        .putInt(parameter)
                        .array());
    }

    /** It has no reply. */
    static byte[] close(int statementId) {
        return packet(0, little(5).put(STMT_CLOSE).putInt(statementId).array());
    }

    static byte[] packet(int sequence, byte... payload) {
        return little(4 + payload.length)
                .putInt(payload.length | sequence << 24)
                .put(payload)
                .array();
    }

    private static byte[] text(byte command, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return packet(0, little(1 + bytes.length).put(command).put(bytes).array());
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
