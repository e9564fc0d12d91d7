package dev.tdb.mysql.codec;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A statement that is not the server's to judge alone: it names a database, or another session by a number of ours. */
public sealed interface SqlCommand {
    /** A text longer than this, in bytes, is none of these. */
    int TEXT_BYTES_MAX = 512;

    Pattern USE = Pattern.compile("(?is)\\s*USE\\s+(?:`([^`]+)`|([\\w$]+))\\s*;?\\s*");
    Pattern KILL =
            Pattern.compile("(?is)\\s*KILL\\s+(?:(?:HARD|SOFT)\\s+)?(?:(CONNECTION|QUERY)\\s+)?(\\d{1,10})\\s*;?\\s*");
    Pattern OTHER_KILL = Pattern.compile("(?is)\\s*KILL\\s.*");

    record Use(String database) implements SqlCommand {}

    /** @param queryOnly what it waits for is cancelled, and the session lives on */
    record Kill(long connectionId, boolean queryOnly) implements SqlCommand {}

    /** A {@code KILL} by something else than a number of ours. */
    record KillOther() implements SqlCommand {}

    record Any() implements SqlCommand {}

    static SqlCommand of(String text) {
        int begin = 0;
        while (begin < text.length() && Character.isWhitespace(text.charAt(begin))) {
            begin++;
        }
        if (begin == text.length()) {
            return new Any();
        }
        return switch (Character.toUpperCase(text.charAt(begin))) {
            case 'U' -> use(USE.matcher(text));
            case 'K' -> kill(text);
            default -> new Any();
        };
    }

    private static SqlCommand use(Matcher matcher) {
        if (!matcher.matches()) {
            return new Any();
        }
        return new Use(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }

    private static SqlCommand kill(String text) {
        Matcher matcher = KILL.matcher(text);
        if (matcher.matches()) {
            String what = matcher.group(1);
            return new Kill(
                    Long.parseLong(matcher.group(2)),
                    what != null && what.toUpperCase(Locale.ROOT).equals("QUERY"));
        }
        return OTHER_KILL.matcher(text).matches() ? new KillOther() : new Any();
    }
}
