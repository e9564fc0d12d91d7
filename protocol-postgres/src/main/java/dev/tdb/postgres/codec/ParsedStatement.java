package dev.tdb.postgres.codec;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * One Parse of a client: the statement's name, its text for the query log, and, within bounds, the whole message to
 * prepare it again elsewhere.
 */
public final class ParsedStatement {
    private final byte[] name;
    private final byte @Nullable [] body;
    private final boolean large;
    private final Charset charset;
    private final int textBytesMax;
    private final int costBytes;
    private @Nullable String text;
    private boolean counted;

    /** One that is kept whole. */
    ParsedStatement(byte[] name, byte[] body, Charset charset, int textBytesMax) {
        this.name = name;
        this.body = body;
        this.large = false;
        this.charset = charset;
        this.textBytesMax = textBytesMax;
        this.costBytes = body.length;
    }

    /** One whose body is not kept. */
    ParsedStatement(byte[] name, String text, boolean large, Charset charset) {
        this.name = name;
        this.body = null;
        this.large = large;
        this.charset = charset;
        this.textBytesMax = 0;
        this.costBytes = text.length();
        this.text = text;
    }

    /** The name's bytes as sent, cut as servers cut it; empty for the unnamed statement. */
    byte[] name() {
        return name;
    }

    public boolean isUnnamed() {
        return name.length == 0;
    }

    /** The body of the Parse message, byte for byte; null when it was not kept. The caller does not change it. */
    public byte @Nullable [] body() {
        return body;
    }

    /** Whether it was not kept for its size alone. */
    public boolean isLarge() {
        return large;
    }

    /** For the query log, cut; the same String every time. */
    public String text() {
        String known = text;
        if (known != null || body == null) {
            return known == null ? "" : known;
        }
        int start = 0;
        while (start < body.length && body[start] != 0) {
            start++;
        }
        start = Math.min(start + 1, body.length);
        int end = start;
        while (end < body.length && body[end] != 0 && end - start < textBytesMax) {
            end++;
        }
        known = new String(body, start, end - start, charset);
        text = known;
        return known;
    }

    /** How much it adds to what its book holds. */
    int costBytes() {
        return costBytes;
    }

    boolean isCounted() {
        return counted;
    }

    void setCounted(boolean counted) {
        this.counted = counted;
    }
}
