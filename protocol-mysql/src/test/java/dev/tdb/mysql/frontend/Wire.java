package dev.tdb.mysql.frontend;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Packets as bytes, written and read without the codec that is tested. */
final class Wire {
    private static final int PAYLOAD_MAX = 0xffffff;

    private Wire() {}

    static byte[] packet(int sequence, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
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
        return out.toByteArray();
    }

    /** Parts are texts, bytes as numbers, or byte arrays. */
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case Integer number -> out.write(number);
                case String text -> out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                case byte[] more -> out.writeBytes(more);
                default -> throw new IllegalArgumentException("a part of " + part.getClass());
            }
        }
        return out.toByteArray();
    }

    static byte[] command(int code, Object... body) {
        return packet(0, bytes(code, bytes(body)));
    }

    static byte[] query(String sql) {
        return command(0x03, sql);
    }

    static byte[] int4(int number) {
        return bytes(number & 0xff, number >> 8 & 0xff, number >> 16 & 0xff, number >>> 24);
    }

    static byte[] ok(int sequence, int status) {
        return packet(sequence, bytes(0, 0, 0, status & 0xff, status >> 8, 0, 0));
    }

    /** With what changed in the session, each as type and data. */
    static byte[] okWithChanges(int sequence, int status, byte[]... changes) {
        byte[] all = bytes((Object[]) changes);
        int flags = status | 1 << 14;
        return packet(sequence, bytes(0, 0, 0, flags & 0xff, flags >> 8, 0, 0, 0, all.length, all));
    }

    static byte[] change(int type, String... texts) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (String text : texts) {
            data.write(text.length());
            data.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes(type, data.size(), data.toByteArray());
    }

    /** The end of a result, as a server says it that deprecates EOF. */
    static byte[] end(int sequence, int status) {
        return packet(sequence, bytes(0xfe, 0, 0, status & 0xff, status >> 8, 0, 0));
    }

    static byte[] eof(int sequence, int status) {
        return packet(sequence, bytes(0xfe, 0, 0, status & 0xff, status >> 8));
    }

    static byte[] err(int sequence, int code, String sentence) {
        return packet(sequence, bytes(0xff, code & 0xff, code >> 8, "#HY000", sentence));
    }

    /** A result of one column and so many rows, from packet {@code sequence} on, without its end. */
    static byte[] rows(int sequence, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int next = sequence;
        out.writeBytes(packet(next++, bytes(1)));
        out.writeBytes(packet(next++, bytes(3, "def", 0, 0, 0, 1, "n", 0, 12, 63, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0)));
        for (int i = 0; i < count; i++) {
            out.writeBytes(packet(next++ & 0xff, bytes(1, Integer.toString(i % 10))));
        }
        return out.toByteArray();
    }

    static byte[] prepared(int sequence, int id, int columns, int parameters) {
        return packet(sequence, bytes(0, int4(id), columns, 0, parameters, 0, 0, 0, 0));
    }

    static byte[] definition(int sequence) {
        return packet(sequence, bytes(3, "def", 0, 0, 0, 1, "?", 0, 12, 63, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0));
    }

    static byte[] concat(byte[]... parts) {
        return bytes((Object[]) parts);
    }

    /** The packets in {@code bytes}, each as its sequence id and payload in hex. */
    static List<String> read(byte[] bytes) {
        List<String> packets = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
            packets.add((bytes[at + 3] & 0xff) + " " + HexFormat.of().formatHex(bytes, at + 4, at + 4 + length));
            at += 4 + length;
        }
        return packets;
    }
}
