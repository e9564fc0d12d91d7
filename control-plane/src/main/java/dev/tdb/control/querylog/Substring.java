package dev.tdb.control.querylog;

/** A part of a text, in any case. */
final class Substring {
    private static final int ASCII_END = 0x80;

    private final String wanted;
    private final char first;
    private final char folded;
    private final boolean isPair;

    /** @param wanted not empty */
    Substring(String wanted) {
        this.wanted = wanted;
        this.first = wanted.charAt(0);
        this.folded = folded(first);
        this.isPair = Character.isSurrogate(first);
    }

    boolean isIn(String text) {
        int last = text.length() - wanted.length();
        for (int i = 0; i <= last; i++) {
            if (mayBegin(text.charAt(i)) && text.regionMatches(true, i, wanted, 0, wanted.length())) {
                return true;
            }
        }
        return false;
    }

    private boolean mayBegin(char c) {
        return c == first || isPair || folded(c) == folded;
    }

    /** As {@link String#regionMatches(boolean, int, String, int, int)} compares. */
    private static char folded(char c) {
        if (c < ASCII_END) {
            return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
        }
        return Character.toLowerCase(Character.toUpperCase(c));
    }
}
