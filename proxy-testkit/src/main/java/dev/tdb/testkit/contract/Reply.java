package dev.tdb.testkit.contract;

/** What a client was told in answer to one unit of work. */
public sealed interface Reply {
    /**
     * The unit was executed.
     *
     * @param bytes of all messages of the reply
     */
    record Done(long bytes) implements Reply {}

    /**
     * The unit failed, with exactly one error.
     *
     * @param code in the protocol's own words, as {@link Dialect#code} says it
     * @param last whether the other side said that the connection ends with it
     */
    record Failed(String code, String sentence, boolean last) implements Reply {}

    /** The connection ended without a word. */
    record Gone() implements Reply {}
}
