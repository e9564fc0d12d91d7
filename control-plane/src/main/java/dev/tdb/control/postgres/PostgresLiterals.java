package dev.tdb.control.postgres;

import dev.tdb.control.engine.LiteralMask;

/**
 * Takes literals and comments out of a PostgreSQL statement, cut where a server's own lexer cuts it. Names, keywords,
 * operators and parameters ({@code $1}) stay.
 *
 * <p>Whether a backslash in {@code '…'} escapes depends on the session's {@code standard_conforming_strings}, which is
 * not known here. A text that the two ways of reading cut at different places is masked from there to its end.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Lexical Structure</a>
 */
final class PostgresLiterals implements LiteralMask {
    @Override
    public String mask(String text) {
        return new Scan(text).masked();
    }

    /** One text, read once. */
    private static final class Scan {
        private final String text;
        private final StringBuilder out;
        private int at;

        Scan(String text) {
            this.text = text;
            this.out = new StringBuilder(text.length());
        }

        String masked() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (isNameStart(c)) {
                    word();
                } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
                    number();
                } else {
                    switch (c) {
                        case '\'' -> string();
                        case '"' -> quotedName();
                        case '$' -> dollar();
                        case '-' -> comment("--");
                        case '/' -> comment("/*");
                        default -> pass();
                    }
                }
            }
            return out.toString();
        }

        private char peek(int distance) {
            return at + distance < text.length() ? text.charAt(at + distance) : 0;
        }

        private void pass() {
            out.append(text.charAt(at++));
        }

        /** A name, a keyword, or what stands before a string of another kind. */
        private void word() {
            int from = at;
            while (at < text.length() && isNamePart(text.charAt(at))) {
                at++;
            }
            boolean isOneLetter = at - from == 1;
            char letter = (char) (text.charAt(from) | 0x20);
            if (isOneLetter && peek(0) == '\'') {
                switch (letter) {
                    case 'e' -> escapedString();
                    case 'b', 'x', 'n' -> string();
                    default -> {
                        out.append(text, from, at);
                        string();
                    }
                }
            } else if (isOneLetter && letter == 'u' && peek(0) == '&' && peek(1) == '\'') {
                at++;
                string();
            } else {
                out.append(text, from, at);
            }
        }

        /** {@code at} is at the quote. */
        private void string() {
            out.append(MASKED);
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '\'') {
                    if (peek(0) != '\'') {
                        return;
                    }
                    at++;
                } else if (c == '\\' && peek(0) == '\\') {
                    at++;
                } else if (c == '\\' && peek(0) == '\'') {
                    at = text.length(); // escaped, or the end: two ways to go on
                }
            }
        }

        private void escapedString() {
            out.append(MASKED);
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '\\') {
                    at = Math.min(at + 1, text.length());
                } else if (c == '\'') {
                    if (peek(0) == '\'') {
                        at++;
                    } else if (!continues()) {
                        return;
                    }
                }
            }
        }

        /** Whether the next line goes on with the string; goes there if so. Only an escaped one reads differently there. */
        private boolean continues() {
            int next = at;
            boolean lineEnds = false;
            while (next < text.length() && isSpace(text.charAt(next))) {
                lineEnds |= text.charAt(next) == '\n' || text.charAt(next) == '\r';
                next++;
            }
            if (text.startsWith("--", next)) {
                at = text.length(); // a comment may stand between the parts
                return true;
            }
            boolean continues = lineEnds && next < text.length() && text.charAt(next) == '\'';
            at = continues ? next + 1 : at;
            return continues;
        }

        private void quotedName() {
            do {
                pass();
            } while (at < text.length() && text.charAt(at) != '"');
            if (at < text.length()) {
                pass();
            }
        }

        /** A parameter, or a string in dollar quotes. */
        private void dollar() {
            if (isDigit(peek(1))) {
                do {
                    pass();
                } while (isDigit(peek(0)));
                return;
            }
            int end = at + 1;
            if (end < text.length() && isNameStart(text.charAt(end))) {
                while (end < text.length() && isNamePart(text.charAt(end)) && text.charAt(end) != '$') {
                    end++;
                }
            }
            if (end >= text.length()) {
                out.append(MASKED); // cut in the middle of a tag
                at = end;
            } else if (text.charAt(end) == '$') {
                String tag = text.substring(at, end + 1);
                int close = text.indexOf(tag, end + 1);
                out.append(MASKED);
                at = close < 0 ? text.length() : close + tag.length();
            } else {
                pass();
            }
        }

        /** Digits, and whatever a number may have in it or stuck to it: {@code 1.5e-7}, {@code 0xFF}, {@code 1_000}. */
        private void number() {
            out.append(MASKED);
            boolean hasLetters = false;
            while (at < text.length()) {
                char c = text.charAt(at);
                boolean isSign = (c == '+' || c == '-') && (text.charAt(at - 1) | 0x20) == 'e' && isDigit(peek(1));
                if (c == '$' && hasLetters) {
                    at = text.length(); // of a name that older servers see here, or of a string
                    return;
                }
                if (!isNameStart(c) && !isDigit(c) && !isSign && (c != '.' || peek(1) == '.')) {
                    return;
                }
                hasLetters |= isNameStart(c);
                at++;
            }
        }

        private void comment(String mark) {
            if (!text.startsWith(mark, at)) {
                pass();
            } else if (mark.equals("--")) {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else {
                blockComment();
                out.append(' ');
            }
        }

        private void blockComment() {
            int depth = 0;
            do {
                if (text.startsWith("/*", at)) {
                    depth++;
                    at += 2;
                } else if (text.startsWith("*/", at)) {
                    depth--;
                    at += 2;
                } else {
                    at++;
                }
            } while (depth > 0 && at < text.length());
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private static boolean isSpace(char c) {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }

        private static boolean isNameStart(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
        }

        private static boolean isNamePart(char c) {
            return isNameStart(c) || isDigit(c) || c == '$';
        }
    }
}
