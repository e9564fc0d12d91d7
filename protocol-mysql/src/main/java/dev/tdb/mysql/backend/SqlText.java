package dev.tdb.mysql.backend;

import dev.tdb.proxy.refusal.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names and values, written so that every server reads the same, whatever its modes. */
final class SqlText {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,20}(\\.\\d{1,20})?");
    private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d{1,80}(\\.\\d{0,80})?(e[+-]?\\d{1,5})?");
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]*");
    private static final Pattern COLLATION = Pattern.compile("\\w{1,64}");
    private static final Pattern PLAIN = Pattern.compile("[\\w ,.:+/@%-]*");

    private SqlText() {}

    static String variable(String name) {
        return "@`" + name.replace("`", "``") + "`";
    }

    static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** A number as a server says it, which is not asked to be trusted with more. */
    static String number(String text) {
        return checked(text, LONG_NUMBER);
    }

    /** @param hex the bytes of the string */
    static String string(String hex, String collation) {
        checked(hex, HEX);
        checked(collation, COLLATION);
        int underscore = collation.indexOf('_');
        String charset = underscore < 0 ? collation : collation.substring(0, underscore);
        return "_" + charset + " X'" + hex + "' COLLATE " + collation;
    }

    private static String checked(String text, Pattern pattern) {
        if (!pattern.matcher(text).matches()) {
            throw new ProtocolViolation("a server says of a user variable what cannot be");
        }
        return text;
    }

    /** The value of a system variable: a number is one, for variables that take nothing else. */
    static String value(String text) {
        if (NUMBER.matcher(text).matches()) {
            return text;
        }
        if (PLAIN.matcher(text).matches()) {
            return "'" + text + "'";
        }
        return "CONVERT(X'" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + "' USING utf8mb4)";
    }
}
