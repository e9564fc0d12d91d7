package dev.tdb.admin.http;

/** Text of a client's own as a sentence may repeat it: short, on one line, nothing that plays with a terminal. */
public final class Shown {
    private static final int CHARS_MAX = 80;

    private Shown() {}

    public static String of(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(CHARS_MAX).forEach(point -> shown.appendCodePoint(isPrintable(point) ? point : '?'));
        return text.codePointCount(0, text.length()) > CHARS_MAX ? shown + "…" : shown.toString();
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
