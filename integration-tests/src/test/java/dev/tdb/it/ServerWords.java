package dev.tdb.it;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * All that a server says on one connection, message by message, as text that can be compared. What differs between any
 * two connections is left out: cancel keys, nonces, process ids and the numbers of objects that were made meanwhile.
 * Belongs to one thread until the connection has ended.
 */
final class ServerWords {
    private static final int HEADER_BYTES = 5;
    private static final int SHOWN_BYTES_MAX = 2000;
    /** Object numbers from here on are of users' own objects. */
    private static final int USER_OID_MIN = 16384;

    /** A column of five digits, as {@link #text} shows it: the numbers of new objects in catalog queries. */
    private static final Pattern OID_COLUMN = Pattern.compile("(?<=\\\\0\\.\\\\0\\.\\\\0\\.\\\\5\\.)[1-6]\\d{4}");

    private final List<String> words = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private final byte[] header = new byte[HEADER_BYTES];
    private final byte[] kept = new byte[SHOWN_BYTES_MAX];
    private final CRC32 rest = new CRC32();
    private int headerBytes;
    private int bodyBytes;
    private int bodyLength;
    private int loneBytes;
    private boolean loggedIn;

    /** The next byte is no message but the answer to a request for encryption. */
    synchronized void expectLoneByte() {
        loneBytes++;
    }

    synchronized void hear(byte[] bytes, int length) {
        int at = 0;
        while (at < length) {
            if (loneBytes > 0) {
                loneBytes--;
                words.add("answer " + (char) bytes[at]);
                at++;
            } else if (headerBytes < HEADER_BYTES) {
                header[headerBytes] = bytes[at];
                headerBytes++;
                at++;
                begin();
            } else {
                int taken = Math.min(length - at, bodyLength - bodyBytes);
                hearBody(bytes, at, taken);
                at += taken;
            }
        }
    }

    private void begin() {
        if (headerBytes == HEADER_BYTES) {
            bodyLength = ByteBuffer.wrap(header, 1, 4).getInt() - 4;
            bodyBytes = 0;
            rest.reset();
            if (bodyLength == 0) {
                end();
            }
        }
    }

    private void hearBody(byte[] bytes, int at, int length) {
        int keptNow = Math.clamp(SHOWN_BYTES_MAX - bodyBytes, 0, length);
        System.arraycopy(bytes, at, kept, Math.min(bodyBytes, SHOWN_BYTES_MAX), keptNow);
        rest.update(bytes, at + keptNow, length - keptNow);
        bodyBytes += length;
        if (bodyBytes == bodyLength) {
            end();
        }
    }

    private void end() {
        headerBytes = 0;
        byte[] body = Arrays.copyOf(kept, Math.min(bodyLength, SHOWN_BYTES_MAX));
        String said = (char) header[0] + " " + shown((char) header[0], body);
        if (bodyLength > SHOWN_BYTES_MAX) {
            said += " … " + bodyLength + " bytes " + Long.toHexString(rest.getValue());
        }
        if (header[0] == 'S') {
            settings.add(said);
            return;
        }
        if (loggedIn) {
            tellSettings();
        }
        words.add(said);
        if (header[0] == 'Z' && !loggedIn) {
            loggedIn = true;
            tellSettings();
        }
    }

    /** What a server reports at once comes in no particular order: that of the changes before, or of a hash table. */
    private void tellSettings() {
        settings.sort(null);
        words.addAll(settings);
        settings.clear();
    }

    private String shown(char type, byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body);
        return switch (type) {
            case 'K' -> body.length + " bytes";
            case 'R' -> in.getInt() == 10 ? text(body) : "method " + in.getInt(0);
            case 'A' -> {
                in.putInt(0, 0);
                yield text(body);
            }
            case 't' -> {
                for (int at = 2; at + 4 <= body.length; at += 4) {
                    maskOid(in, at);
                }
                yield text(body);
            }
            case 'T' -> {
                maskRowDescription(in);
                yield text(body);
            }
            case 'V' -> {
                if (body.length == 8) {
                    maskOid(in, 4); // of a new large object
                }
                yield text(body);
            }
            case 'D' -> OID_COLUMN.matcher(text(body)).replaceAll("oid");
            default -> text(body);
        };
    }

    private static void maskRowDescription(ByteBuffer in) {
        int columns = in.getShort();
        for (int i = 0; i < columns && in.remaining() > 0; i++) {
            while (in.hasRemaining() && in.get() != 0) {
                // The column's name.
            }
            if (in.remaining() < 18) {
                return;
            }
            maskOid(in, in.position());
            maskOid(in, in.position() + 6);
            in.position(in.position() + 18);
        }
    }

    private static void maskOid(ByteBuffer in, int at) {
        if (Integer.compareUnsigned(in.getInt(at), USER_OID_MIN) >= 0) {
            in.putInt(at, USER_OID_MIN);
        }
    }

    private static String text(byte[] body) {
        StringBuilder text = new StringBuilder();
        for (char c : new String(body, StandardCharsets.ISO_8859_1).toCharArray()) {
            if (c >= ' ' && c < 127 && c != '\\') {
                text.append(c);
            } else {
                text.append('\\').append(Integer.toHexString(c)).append('.');
            }
        }
        return text.toString();
    }

    synchronized List<String> all() {
        tellSettings();
        return List.copyOf(words);
    }
}
