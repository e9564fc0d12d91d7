package dev.tdb.testkit.history;

/**
 * Which operation left a trace in the database: unique in a history.
 *
 * @param session the client session's number
 * @param seq the operation's place in its session, from 0
 */
public record Tag(int session, int seq) {
    /** Reads {@link #toString()}. */
    public static Tag parse(String text) {
        int at = text.indexOf(':');
        if (at < 0) {
            throw new IllegalArgumentException("tag '" + text + "', expected session:seq");
        }
        return new Tag(Integer.parseInt(text.substring(0, at)), Integer.parseInt(text.substring(at + 1)));
    }

    @Override
    public String toString() {
        return session + ":" + seq;
    }
}
