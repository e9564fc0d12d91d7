package dev.tdb.control.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a text's first statement, outside of quotes and comments, in capitals. What stands in a comment that a
 * server runs ({@code /*! … *}{@code /}) is code.
 *
 * @param more whether anything but comments follows its semicolon
 * @see <a href="https://dev.mysql.com/doc/refman/8.0/en/comments.html">Comments</a>
 */
record MySqlWords(List<String> words, boolean more) {
    /** Words looked at; more of a statement says nothing about its kind. */
    private static final int WORDS_MAX = 64;

    MySqlWords {
        words = List.copyOf(words);
    }

    static MySqlWords of(String sql) {
        return new Scan(sql).words();
    }

    String first() {
        return words.isEmpty() ? "" : words.getFirst();
    }

    String second() {
        return words.size() > 1 ? words.get(1) : "";
    }

    /** One text, read once. */
    private static final class Scan {
        private final String sql;
        private final List<String> words = new ArrayList<>();
        private int at;

        Scan(String sql) {
            this.sql = sql;
        }

        MySqlWords words() {
            boolean ended = false;
            while (at < sql.length()) {
                if (isSilence()) {
                    continue;
                }
                char c = sql.charAt(at);
                if (ended && c != ';') {
                    return new MySqlWords(words, true);
                }
                switch (c) {
                    case '\'', '"' -> quoted(c, true);
                    case '`' -> quoted(c, false);
                    default -> {
                        if (Character.isLetter(c) || c == '_') {
                            word();
                        } else {
                            ended |= c == ';' && !words.isEmpty();
                            at++;
                        }
                    }
                }
            }
            return new MySqlWords(words, false);
        }

        /** Passes white space, a comment, or the marks of one that is run. */
        private boolean isSilence() {
            int from = at;
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.charAt(at) == '#' || isDashes()) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at)) {
                at = sql.indexOf('!', at) + 1;
                while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
                    at++;
                }
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else if (sql.startsWith("*/", at)) {
                at += 2;
            }
            return at > from;
        }

        private boolean isDashes() {
            return sql.startsWith("--", at) && (at + 2 == sql.length() || sql.charAt(at + 2) <= ' ');
        }

        private void quoted(char quote, boolean escapes) {
            at++;
            while (at < sql.length()) {
                char c = sql.charAt(at++);
                if (escapes && c == '\\') {
                    at++;
                } else if (c == quote) {
                    if (at >= sql.length() || sql.charAt(at) != quote) {
                        return;
                    }
                    at++;
                }
            }
        }

        private void word() {
            int from = at;
            while (at < sql.length() && isPart(sql.charAt(at))) {
                at++;
            }
            if (words.size() < WORDS_MAX) {
                words.add(sql.substring(from, at).toUpperCase(Locale.ROOT));
            }
        }

        private static boolean isPart(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '$';
        }
    }
}
