package dev.tdb.control.engine;

/** Takes the values out of a statement's text, in one engine's language. From any thread. */
@FunctionalInterface
public interface LiteralMask {
    /** Where a value stood. */
    String MASKED = "?";

    /**
     * The text without its literals.
     *
     * @param text may be cut anywhere, and need not be a statement at all
     */
    String mask(String text);

    /** Leaves nothing: for a language that nobody here can read. */
    static LiteralMask everything() {
        return text -> text.isEmpty() ? "" : MASKED;
    }
}
