package dev.tdb.control.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the words of a statement tell before a server has seen it. It spares a round trip and gives better sentences; it
 * guards nothing: the server decides, by transaction and by role.
 */
final class PostgresStatements {
    private static final Set<String> TRANSACTION = Set.of("BEGIN", "START", "COMMIT", "END", "ABORT");
    private static final Set<String> APART = Set.of("CREATE", "DROP", "ALTER", "REINDEX");
    private static final Set<String> OUTSIDE = Set.of("DATABASE", "TABLESPACE", "SYSTEM", "SUBSCRIPTION");
    private static final Set<String> QUERIES =
            Set.of("SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN", "SHOW");
    private static final Set<String> DEFINITIONS = Set.of(
            "CREATE",
            "ALTER",
            "DROP",
            "TRUNCATE",
            "COMMENT",
            "GRANT",
            "REVOKE",
            "REASSIGN",
            "SECURITY",
            "REINDEX",
            "CLUSTER",
            "VACUUM",
            "REFRESH",
            "IMPORT");

    /** Words looked at; more of a statement says nothing about its kind. */
    private static final int WORDS_MAX = 64;

    private PostgresStatements() {}

    static Optional<String> unfitForVersion(String sql) {
        List<String> words = words(sql).words();
        if (words.isEmpty()) {
            return Optional.of("has no statement in it");
        }
        String first = words.getFirst();
        String second = words.size() > 1 ? words.get(1) : "";
        boolean endsTransaction = TRANSACTION.contains(first)
                || (first.equals("ROLLBACK") && !words.contains("TO"))
                || (first.equals("PREPARE") && second.equals("TRANSACTION"));
        if (endsTransaction) {
            return Optional.of("begins or ends a transaction, and a version is one transaction");
        }
        boolean apart = first.equals("VACUUM")
                || (APART.contains(first) && (OUTSIDE.contains(second) || words.contains("CONCURRENTLY")));
        if (apart) {
            return Optional.of("cannot run in a transaction, and a version is one transaction: run it apart, with a key"
                    + " of role admin" + (words.contains("CONCURRENTLY") ? ", or leave CONCURRENTLY out" : ""));
        }
        if (first.equals("COPY") && words.contains("STDIN")) {
            return Optional.of("copies from a client, and a version has none: use INSERT");
        }
        return Optional.empty();
    }

    static Optional<String> unfitForQuery(String sql) {
        Words found = words(sql);
        if (found.words().isEmpty()) {
            return Optional.of("has no statement in it");
        }
        String first = found.words().getFirst();
        if (DEFINITIONS.contains(first)) {
            return Optional.of("is DDL (" + first
                    + "), which is not run here: add a version to the blueprint and deploy it, or use a driver and a"
                    + " key of role admin");
        }
        if (!QUERIES.contains(first)) {
            return Optional.of("begins with " + first
                    + ", expected SELECT, WITH, VALUES, TABLE, INSERT, UPDATE, DELETE," + " MERGE, EXPLAIN or SHOW");
        }
        return found.more() ? Optional.of("has more than one statement") : Optional.empty();
    }

    /**
     * @param words of the first statement outside of quotes and comments, in capitals
     * @param more whether anything but comments follows its semicolon
     */
    private record Words(List<String> words, boolean more) {}

    private static Words words(String sql) {
        List<String> words = new ArrayList<>();
        boolean ended = false;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int next = afterSilence(sql, at);
            if (next > at) {
                at = next;
                continue;
            }
            if (ended && c != ';') {
                return new Words(words, true);
            }
            next = afterQuoted(sql, at);
            if (next > at) {
                at = next;
            } else if (isWordStart(c)) {
                int end = at + 1;
                while (end < sql.length() && isWordPart(sql.charAt(end))) {
                    end++;
                }
                if (words.size() < WORDS_MAX) {
                    words.add(sql.substring(at, end).toUpperCase(Locale.ROOT));
                }
                at = end;
            } else {
                ended |= c == ';' && !words.isEmpty();
                at++;
            }
        }
        return new Words(words, false);
    }

    /** The place after white space, a comment, or a semicolon of nothing; {@code at} when there is none. */
    private static int afterSilence(String sql, int at) {
        char c = sql.charAt(at);
        if (Character.isWhitespace(c)) {
            return at + 1;
        }
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            return end < 0 ? sql.length() : end;
        }
        return sql.startsWith("/*", at) ? afterBlock(sql, at) : at;
    }

    /** Comments of this kind nest. */
    private static int afterBlock(String sql, int start) {
        int depth = 0;
        for (int at = start; at < sql.length(); at++) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at++;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at++;
                if (depth == 0) {
                    return at + 1;
                }
            }
        }
        return sql.length();
    }

    /** The place after a constant or a quoted name; {@code at} when there is none. */
    private static int afterQuoted(String sql, int at) {
        char c = sql.charAt(at);
        return switch (c) {
            case '\'' -> afterQuote(sql, at, false);
            case '"' -> afterQuote(sql, at, false);
            case 'E', 'e' -> sql.startsWith("'", at + 1) ? afterQuote(sql, at + 1, true) : at;
            case '$' -> afterDollars(sql, at);
            default -> at;
        };
    }

    private static int afterQuote(String sql, int start, boolean escapes) {
        char quote = sql.charAt(start);
        for (int at = start + 1; at < sql.length(); at++) {
            char c = sql.charAt(at);
            if (escapes && c == '\\') {
                at++;
            } else if (c == quote) {
                if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                    at++;
                } else {
                    return at + 1;
                }
            }
        }
        return sql.length();
    }

    /** {@code $$ … $$} and {@code $tag$ … $tag$}; {@code $1} is a parameter. */
    private static int afterDollars(String sql, int start) {
        int tagEnd = start + 1;
        while (tagEnd < sql.length() && isWordPart(sql.charAt(tagEnd)) && sql.charAt(tagEnd) != '$') {
            tagEnd++;
        }
        boolean isTag = tagEnd < sql.length()
                && sql.charAt(tagEnd) == '$'
                && !Character.isDigit(sql.charAt(Math.min(start + 1, tagEnd)));
        if (!isTag) {
            return start + 1;
        }
        String tag = sql.substring(start, tagEnd + 1);
        int end = sql.indexOf(tag, tagEnd + 1);
        return end < 0 ? sql.length() : end + tag.length();
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
