package dev.tdb.postgres.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The one PREPARE in a text. Servers keep, with a statement that SQL prepared, the text of the whole message it came in:
 * run again as it is, that would also run what stood beside it.
 */
final class PrepareText {
    /** What a server keeps of a name. */
    private static final int NAME_BYTES_MAX = 63;

    private PrepareText() {}

    /**
     * @param text bytes, each character one
     * @return the statement that prepares {@code name}, or all of the text when there is no other in it: clients may
     *     read there what they wrote; empty where it cannot be told with certainty
     */
    static Optional<String> only(String text, String name) {
        List<String> found = new ArrayList<>();
        List<String> statements = statements(text);
        for (String statement : statements) {
            if (prepares(statement, name)) {
                found.add(statement);
            }
        }
        if (found.size() != 1) {
            return Optional.empty();
        }
        return Optional.of(statements.size() == 1 ? text : found.getFirst());
    }

    private static boolean prepares(String statement, String name) {
        int at = skipSpace(statement, 0);
        if (!statement.regionMatches(true, at, "PREPARE", 0, 7)) {
            return false;
        }
        int start = skipSpace(statement, at + 7);
        if (start == at + 7 && !(start < statement.length() && statement.charAt(start) == '"')) {
            return false;
        }
        if (start < statement.length() && statement.charAt(start) == '"') {
            String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
            return statement.startsWith(quoted, start);
        }
        int end = start;
        while (end < statement.length() && isNameCharacter(statement.charAt(end))) {
            end++;
        }
        String folded = statement.substring(start, end).toLowerCase(Locale.ROOT);
        return !folded.isEmpty()
                && (folded.equals(name) || (folded.startsWith(name) && name.length() >= NAME_BYTES_MAX));
    }

    /** The text's statements, cut at the semicolons that stand outside of quotes, comments and brackets. */
    static List<String> statements(String text) {
        List<String> statements = new ArrayList<>();
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ';') {
                addUnlessBlank(text.substring(start, at), statements);
                at++;
                start = at;
            } else {
                at = next(text, at);
            }
        }
        addUnlessBlank(text.substring(start), statements);
        return statements;
    }

    private static void addUnlessBlank(String statement, List<String> statements) {
        if (skipSpace(statement, 0) < statement.length()) {
            statements.add(statement);
        }
    }

    /** Behind the token at {@code at}; a token that never ends takes in the rest. */
    private static int next(String text, int at) {
        char c = text.charAt(at);
        if (c == '\'') {
            boolean escapes =
                    at > 0 && (text.charAt(at - 1) | 0x20) == 'e' && (at < 2 || !isNameCharacter(text.charAt(at - 2)));
            return behindQuote(text, at + 1, '\'', escapes);
        }
        if (c == '"') {
            return behindQuote(text, at + 1, '"', false);
        }
        if (c == '$' && (at == 0 || !isNameCharacter(text.charAt(at - 1)))) {
            return behindDollars(text, at);
        }
        int behindSpace = skipSpace(text, at);
        return behindSpace > at ? behindSpace : at + 1;
    }

    private static int behindQuote(String text, int from, char quote, boolean escapes) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (escapes && c == '\\') {
                at++;
            } else if (c == quote) {
                return at + 1;
            }
            at++;
        }
        return text.length();
    }

    private static int behindDollars(String text, int at) {
        int tagEnd = at + 1;
        while (tagEnd < text.length() && isNameCharacter(text.charAt(tagEnd)) && text.charAt(tagEnd) != '$') {
            tagEnd++;
        }
        boolean isTag = tagEnd < text.length() && text.charAt(tagEnd) == '$' && !Character.isDigit(text.charAt(at + 1));
        if (!isTag) {
            return at + 1;
        }
        String tag = text.substring(at, tagEnd + 1);
        int close = text.indexOf(tag, tagEnd + 1);
        return close < 0 ? text.length() : close + tag.length();
    }

    /** Behind white space and comments, which nest. */
    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                at++;
            } else if (text.startsWith("--", at)) {
                int line = text.indexOf('\n', at);
                at = line < 0 ? text.length() : line + 1;
            } else if (text.startsWith("/*", at)) {
                at = behindComment(text, at);
            } else {
                break;
            }
        }
        return at;
    }

    private static int behindComment(String text, int from) {
        int level = 0;
        int at = from;
        do {
            if (text.startsWith("/*", at)) {
                level++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                level--;
                at += 2;
            } else {
                at++;
            }
        } while (level > 0 && at < text.length());
        return at;
    }

    private static boolean isNameCharacter(char c) {
        return c == '_' || c == '$' || c >= 0x80 || Character.isLetterOrDigit(c);
    }
}
