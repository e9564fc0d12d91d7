package dev.tdb.postgres.frontend;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code DEALLOCATE [PREPARE] name}, the one statement by which SQL text forgets what a Parse prepared. */
final class Deallocate {
    // Possessive: an alternative that may be taken back is tried by recursion, and the client chooses how deep.
    private static final Pattern ONE = Pattern.compile(
            "\\s*DEALLOCATE\\s+(?:PREPARE\\s+)?(?:\"((?:[^\"]|\"\")++)\"|([^\\s;\"]+))\\s*;?\\s*",
            Pattern.CASE_INSENSITIVE);

    private Deallocate() {}

    /** The name as the server knows it; empty where the text is anything else. A name left standing does no harm. */
    static String name(String text) {
        Matcher matcher = ONE.matcher(text);
        if (!matcher.matches()) {
            return "";
        }
        String quoted = matcher.group(1);
        return quoted == null ? matcher.group(2).toLowerCase(Locale.ROOT) : quoted.replace("\"\"", "\"");
    }
}
