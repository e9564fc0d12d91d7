package dev.tdb.bench.jmh;

import dev.tdb.bench.wire.PostgresRequests;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a server says to pgbench. */
final class Replies {
    private Replies() {}

    /** RowDescription of {@code abalance}, one row, the tag, ReadyForQuery. */
    static byte[] simple() {
        return join(rowDescription(), row("0"), tag("SELECT 1"), ready());
    }

    /** With ParseComplete and BindComplete before it. */
    static byte[] extended() {
        return join(PostgresRequests.message('1', new byte[0]), prepared());
    }

    static byte[] prepared() {
        return join(PostgresRequests.message('2', new byte[0]), simple());
    }

    static byte[] parsed() {
        return join(PostgresRequests.message('1', new byte[0]), ready());
    }

    /** A result of {@code count} rows of {@code bytes} bytes. */
    static byte[] rows(int count, int bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(count * (bytes + 11) + 200);
        all.writeBytes(rowDescription());
        byte[] row = row("x".repeat(bytes));
        for (int i = 0; i < count; i++) {
            all.writeBytes(row);
        }
        all.writeBytes(tag("SELECT " + count));
        all.writeBytes(ready());
        return all.toByteArray();
    }

    /** AuthenticationOk, a parameter, the cancel key, ReadyForQuery. */
    static byte[] login() {
        return join(
                PostgresRequests.message('R', new byte[4]),
                PostgresRequests.message('S', "server_version\00018.0\000".getBytes(StandardCharsets.US_ASCII)),
                PostgresRequests.message('S', "client_encoding\000UTF8\000".getBytes(StandardCharsets.US_ASCII)),
                PostgresRequests.message('K', new byte[8]),
                ready());
    }

    private static byte[] rowDescription() {
        return PostgresRequests.message(
                'T',
                ByteBuffer.allocate(2 + 9 + 18)
                        .putShort((short) 1)
                        .put("abalance\000".getBytes(StandardCharsets.US_ASCII))
                        .putInt(16_400)
                        .putShort((short) 3)
                        .putInt(23)
                        .putShort((short) 4)
                        .putInt(-1)
                        .putShort((short) 0)
                        .array());
    }

    private static byte[] row(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        return PostgresRequests.message(
                'D',
                ByteBuffer.allocate(6 + bytes.length)
                        .putShort((short) 1)
                        .putInt(bytes.length)
                        .put(bytes)
                        .array());
    }

    private static byte[] tag(String tag) {
        return PostgresRequests.message('C', (tag + "\000").getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] ready() {
        return PostgresRequests.message('Z', new byte[] {'I'});
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
