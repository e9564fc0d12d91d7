package dev.tdb.control.mysql;

import dev.tdb.control.engine.LiteralMask;

/**
 * Takes literals and comments out of a statement of MySQL or MariaDB. Names, keywords, operators, parameters and variables
 * stay; so does what stands in a comment that a server runs, without its literals.
 *
 * <p>What a session's {@code sql_mode} is, is not known here. A text in double quotes is taken for a string, though it may be
 * a name; and one in which a backslash may or may not escape a quote is masked from there to its end.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.0/en/literals.html">Literal Values</a>
 */
final class MySqlLiterals implements LiteralMask {
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
                        case '\'', '"' -> string(c);
                        case '`' -> quotedName();
                        case '#' -> lineComment();
                        case '-' -> dash();
                        case '/' -> slash();
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

        /** A name, a keyword, or what stands before a string of another kind: {@code x'00'}, {@code _utf8mb4'…'}. */
        private void word() {
            int from = at;
            while (at < text.length() && isNamePart(text.charAt(at))) {
                at++;
            }
            boolean isIntroducer = peek(0) == '\'' && (at - from == 1 || text.charAt(from) == '_');
            if (isIntroducer) {
                string('\'');
            } else {
                out.append(text, from, at);
            }
        }

        /** {@code at} is at the quote. */
        private void string(char quote) {
            out.append(MASKED);
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == quote) {
                    if (peek(0) != quote) {
                        return;
                    }
                    at++;
                } else if (c == '\\' && peek(0) == '\\') {
                    at++;
                } else if (c == '\\' && peek(0) == quote) {
                    at = text.length(); // escaped, or the end: two ways to go on
                }
            }
        }

        private void quotedName() {
            do {
                pass();
            } while (at < text.length() && text.charAt(at) != '`');
            if (at < text.length()) {
                pass();
            }
        }

        /** Digits, and whatever may be stuck to them: {@code 1.5e-7}, {@code 0xFF}; a name that begins with digits, too. */
        private void number() {
            out.append(MASKED);
            while (at < text.length()) {
                char c = text.charAt(at);
                boolean isSign = (c == '+' || c == '-') && (text.charAt(at - 1) | 0x20) == 'e' && isDigit(peek(1));
                if (!isNamePart(c) && !isSign && c != '.') {
                    return;
                }
                at++;
            }
        }

        /** Two dashes are a comment where white space or nothing follows, else they are operators. */
        private void dash() {
            boolean isComment = text.startsWith("--", at) && (at + 2 == text.length() || text.charAt(at + 2) <= ' ');
            if (isComment) {
                lineComment();
            } else {
                pass();
            }
        }

        private void lineComment() {
            while (at < text.length() && text.charAt(at) != '\n') {
                at++;
            }
        }

        private void slash() {
            if (text.startsWith("/*!", at) || text.startsWith("/*M!", at)) {
                int end = text.indexOf('!', at) + 1;
                while (end < text.length() && isDigit(text.charAt(end))) {
                    end++;
                }
                out.append(text, at, end);
                at = end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
                out.append(' ');
            } else {
                pass();
            }
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private static boolean isNameStart(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80;
        }

        private static boolean isNamePart(char c) {
            return isNameStart(c) || isDigit(c);
        }
    }
}
