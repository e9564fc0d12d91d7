package dev.tdb.control.answer;

/**
 * How much is kept. Bytes are as they are written, which is twice of what was answered.
 *
 * @param answerBytesMax of one answer, as it was given
 * @param entriesMax of one caller
 * @param bytesMax of one caller
 * @param allEntriesMax of all callers together
 * @param allBytesMax of all callers together
 */
public record AnswerBounds(int answerBytesMax, long entriesMax, long bytesMax, long allEntriesMax, long allBytesMax) {
    public static AnswerBounds standard() {
        return new AnswerBounds(256 << 10, 2000, 16L << 20, 20_000, 128L << 20);
    }
}
