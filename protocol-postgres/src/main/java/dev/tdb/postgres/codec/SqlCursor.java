package dev.tdb.postgres.codec;

import io.netty.buffer.ByteBuf;

/** A place in an SQL text, read on token by token as far as {@link CustomSettings} needs it. */
final class SqlCursor {
    private static final int ARGUMENT_BYTES_MAX = 4096;

    private final ByteBuf in;
    private final int end;
    private int at;

    SqlCursor(ByteBuf in, int at, int end) {
        this.in = in;
        this.at = at;
        this.end = end;
    }

    boolean isAtEnd() {
        return at >= end;
    }

    boolean isNext(char c) {
        return at < end && in.getByte(at) == c;
    }

    void skip() {
        at++;
    }

    /** Passes over white space and comments. @return whether there was any */
    boolean space() {
        int from = at;
        while (at < end) {
            byte b = in.getByte(at);
            if (b == ' ' || (b >= '\t' && b <= '\r')) {
                at++;
            } else if (b == '/' && at + 1 < end && in.getByte(at + 1) == '*') {
                at = behind("*/", at + 2);
            } else if (b == '-' && at + 1 < end && in.getByte(at + 1) == '-') {
                at = behind("\n", at + 2);
            } else {
                break;
            }
        }
        return at > from;
    }

    /** Passes over {@code word}, in lower case here and in any case there, if it stands next as a whole word. */
    boolean word(String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            byte b = in.getByte(at + i);
            if ((word.charAt(i) == '_' ? b : b | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        if (at + word.length() < end && CustomSettings.isNameByte(in.getByte(at + word.length()))) {
            return false;
        }
        at += word.length();
        return true;
    }

    /** The name of a setting, parts in double quotes unquoted. */
    String settingName() {
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        while (at < end) {
            byte b = in.getByte(at);
            if (b == '"') {
                quoted = !quoted;
            } else if (quoted || b == '.' || CustomSettings.isNameByte(b)) {
                name.append((char) (b & 0xFF));
            } else {
                break;
            }
            at++;
        }
        return name.toString();
    }

    /** The content of the literal that stands next. */
    String literal() {
        int from = ++at;
        while (at < end && in.getByte(at) != '\'') {
            at++;
        }
        String content = CustomSettings.raw(in, from, Math.min(at, end));
        at++;
        return content;
    }

    /** Whether behind two more commas of this level the word {@code true} stands. */
    boolean isThirdArgumentTrue() {
        int level = 0;
        int commas = 0;
        int last = Math.min(end, at + ARGUMENT_BYTES_MAX);
        while (at < last && level >= 0) {
            byte b = in.getByte(at++);
            switch (b) {
                case '\'' -> at = behind("'", at);
                case '(', '[' -> level++;
                case ')', ']' -> level--;
                case ',' -> {
                    if (level == 0 && ++commas == 2) {
                        space();
                        return isTrue();
                    }
                }
                default -> {
                    // Part of an expression.
                }
            }
        }
        return false;
    }

    /** A text that ends within the word is read to its end. */
    private boolean isTrue() {
        boolean isTrue = word("true");
        if (!isTrue && end - at < "true".length()) {
            at = end;
        }
        return isTrue;
    }

    private int behind(String mark, int from) {
        for (int i = from; i <= end - mark.length(); i++) {
            if (in.getByte(i) == mark.charAt(0) && (mark.length() == 1 || in.getByte(i + 1) == mark.charAt(1))) {
                return i + mark.length();
            }
        }
        return end;
    }
}
