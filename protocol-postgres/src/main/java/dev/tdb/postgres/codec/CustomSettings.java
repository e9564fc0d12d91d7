package dev.tdb.postgres.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The names of custom settings ({@code app.tenant}) that a session's SQL text mentions as being set. They are the one
 * kind of setting that a server does not list; asked for by name, it tells their values. So only names are gathered
 * here, and one too many does no harm.
 *
 * <p>Seen are {@code SET [SESSION|LOCAL] a.b =|TO} and {@code set_config('a.b', …)} anywhere in the text. A
 * {@code set_config} whose name is no plain literal is noted, unless it is local to its transaction. Not seen is what a
 * function of the server sets when it is called.
 */
public final class CustomSettings {
    private static final int NAMES_MAX = 256;
    private static final int NAME_BYTES_MAX = 128;
    /** How far apart the parts of one mention may be in a text that comes in several reads. */
    private static final int CARRY_BYTES = 256;

    private final Set<String> names = new HashSet<>();
    private boolean unknown;
    private boolean anyEver;
    private byte[] carry = new byte[0];

    /** Each character one byte, as sent. */
    public Set<String> names() {
        return names;
    }

    /** Whether a setting was set whose name cannot be known. */
    public boolean isAnyUnknown() {
        return unknown;
    }

    /** Whether any was ever set. A server that forgot one by DISCARD ALL still knows its name, with an empty value. */
    public boolean isAnyEver() {
        return anyEver || unknown || !names.isEmpty();
    }

    /** DISCARD ALL came to its end: the server knows none any more. */
    public void clear() {
        anyEver = isAnyEver();
        names.clear();
        unknown = false;
    }

    /** Looks at a whole text. */
    public void scan(ByteBuf in, int index, int count) {
        scan(in, index, index + count, index + count, true);
    }

    /** Looks at the next piece of a text. */
    public void scanPart(ByteBuf in, int index, int count) {
        if (carry.length > 0) {
            int ahead = Math.min(count, CARRY_BYTES);
            ByteBuf seam = Unpooled.buffer(carry.length + ahead);
            seam.writeBytes(carry).writeBytes(in, index, ahead);
            scan(seam, 0, seam.writerIndex(), carry.length, count > CARRY_BYTES);
        }
        scan(in, index, index + count, index + count, false);
        int fromCarry = Math.clamp((long) CARRY_BYTES - count, 0, carry.length);
        int fromPart = Math.min(count, CARRY_BYTES);
        byte[] next = new byte[fromCarry + fromPart];
        System.arraycopy(carry, carry.length - fromCarry, next, 0, fromCarry);
        in.getBytes(index + count - fromPart, next, fromCarry, fromPart);
        carry = next;
    }

    /** The text that came in pieces is over. */
    public void endOfParts() {
        if (carry.length > 0) {
            scan(Unpooled.wrappedBuffer(carry), 0, carry.length, carry.length, true);
            carry = new byte[0];
        }
    }

    /**
     * @param judgedEnd mentions that begin behind it are somebody else's to judge
     * @param whole whether nothing follows that could complete a mention which {@code end} cuts
     */
    private void scan(ByteBuf in, int start, int end, int judgedEnd, boolean whole) {
        int at = start + 2;
        while (at < end) {
            switch (in.getByte(at) | 0x20) {
                case 't' -> {
                    if ((in.getByte(at - 1) | 0x20) == 'e' && (in.getByte(at - 2) | 0x20) == 's') {
                        mention(in, start, at - 2, end, judgedEnd, whole);
                    }
                    at += 3;
                }
                case 'e' -> at += 1;
                case 's' -> at += 2;
                default -> at += 3;
            }
        }
    }

    private void mention(ByteBuf in, int start, int set, int end, int judgedEnd, boolean whole) {
        int behind = set + 3;
        if (set >= judgedEnd || behind >= end || (set > start && isNameByte(in.getByte(set - 1)))) {
            return;
        }
        SqlCursor cursor = new SqlCursor(in, behind, end);
        if (in.getByte(behind) == '_') {
            if (cursor.word("_config")) {
                setConfig(cursor, whole || end - set > CARRY_BYTES);
            }
        } else if (cursor.space()) {
            if (cursor.word("session") || cursor.word("local")) {
                cursor.space();
            }
            String name = cursor.settingName();
            cursor.space();
            if (cursor.isNext('=') || cursor.word("to")) {
                add(name);
            }
        }
    }

    private void setConfig(SqlCursor cursor, boolean whole) {
        cursor.space();
        if (!cursor.isNext('(')) {
            return;
        }
        cursor.skip();
        cursor.space();
        if (cursor.isNext('\'')) {
            String name = cursor.literal();
            cursor.space();
            if (cursor.isNext(',')) {
                add(name);
                return;
            }
        }
        if (!cursor.isThirdArgumentTrue() && (whole || !cursor.isAtEnd())) {
            unknown = true;
        }
    }

    private void add(String name) {
        if (name.indexOf('.') < 0 || names.contains(name)) {
            return;
        }
        if (names.size() >= NAMES_MAX || name.length() > NAME_BYTES_MAX) {
            unknown = true;
        } else {
            names.add(name);
        }
    }

    static boolean isNameByte(byte b) {
        return b < 0 || b == '_' || b == '$' || (b >= '0' && b <= '9') || ((b | 0x20) >= 'a' && (b | 0x20) <= 'z');
    }

    static String raw(ByteBuf in, int from, int to) {
        return in.toString(from, to - from, StandardCharsets.ISO_8859_1);
    }
}
