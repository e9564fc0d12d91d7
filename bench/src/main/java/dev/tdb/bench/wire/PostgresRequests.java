package dev.tdb.bench.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of requests, as pgbench and libpq send them. */
public final class PostgresRequests {
    private PostgresRequests() {}

    public static byte[] query(String sql) {
        return message('Q', cString(sql));
    }

    /** Parse, Bind, Describe, Execute, Sync with the unnamed statement: {@code pgbench -M extended}. */
    public static byte[] extended(String sql, String... parameters) {
        return join(
                message('P', join(cString(""), cString(sql), new byte[2])),
                bind("", parameters),
                message('D', join(new byte[] {'P'}, cString(""))),
                message('E', join(cString(""), new byte[4])),
                sync());
    }

    /** Parse and Sync of a named statement: what {@code pgbench -M prepared} sends first. */
    public static byte[] prepare(String name, String sql) {
        return join(message('P', join(cString(name), cString(sql), new byte[2])), sync());
    }

    /** Bind, Describe, Execute, Sync of a named statement: {@code pgbench -M prepared}. */
    public static byte[] execute(String name, String... parameters) {
        return join(
                bind(name, parameters),
                message('D', join(new byte[] {'P'}, cString(""))),
                message('E', join(cString(""), new byte[4])),
                sync());
    }

    public static byte[] message(char type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putInt(4 + body.length)
                .put(body)
                .array();
    }

    static byte[] cString(String text) {
        return join(text.getBytes(StandardCharsets.UTF_8), new byte[1]);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] sync() {
        return message('S', new byte[0]);
    }

    /** Text parameters, one text result format. */
    private static byte[] bind(String statement, String... parameters) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(cString(""));
        body.writeBytes(cString(statement));
        body.writeBytes(int16(0));
        body.writeBytes(int16(parameters.length));
        for (String parameter : parameters) {
            byte[] value = parameter.getBytes(StandardCharsets.UTF_8);
            body.writeBytes(ByteBuffer.allocate(4).putInt(value.length).array());
            body.writeBytes(value);
        }
        body.writeBytes(int16(1));
        body.writeBytes(int16(0));
        return message('B', body.toByteArray());
    }

    private static byte[] int16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }
}
