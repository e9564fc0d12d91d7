package dev.tdb.app.cli;

/** Text of somebody's own as a terminal may be given it: what would steer the terminal, or turn its lines, is spelled out. */
public final class Terminal {
    private Terminal() {}

    /** Line breaks and tabs stay. Fits JSON too, where the spelling means the same. */
    public static String safe(String text) {
        if (text.codePoints().noneMatch(Terminal::steers)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            boolean pair = Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                safe.append(unit).append(text.charAt(++i));
            } else if (steers(unit)) {
                safe.append("\\u").append(String.format("%04X", (int) unit));
            } else {
                safe.append(unit);
            }
        }
        return safe.toString();
    }

    /** On one line, of at most {@code charsMax} characters. */
    static String oneLine(String text, int charsMax) {
        String line = safe(text.replaceAll("\\s+", " ").strip());
        return line.codePointCount(0, line.length()) <= charsMax
                ? line
                : line.substring(0, line.offsetByCodePoints(0, charsMax - 1)) + "…";
    }

    private static boolean steers(int point) {
        return switch (point) {
            case '\n', '\r', '\t' -> point == '\r';
            // The marks that turn the direction of what follows.
            case 0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069 -> true;
            case 0x2028, 0x2029 -> true;
            default -> Character.isISOControl(point) || (point >= 0xd800 && point <= 0xdfff);
        };
    }
}
