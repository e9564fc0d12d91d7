package dev.tdb.testkit.history;

/** What a client asked for. */
public sealed interface Op {
    /** A row with a number that nobody else inserts. */
    record Insert(long number) implements Op {}

    /** One more on a counter. */
    record Increment(String counter) implements Op {}

    /** Money from one account to another, in one transaction. */
    record Transfer(int from, int to, long amount) implements Op {}

    /** A value at the end of a list; the value says who appended it, and as its how-manieth operation. */
    record Append(String list, Tag value) implements Op {}

    /** Looks, and changes nothing. */
    record Read(String what) implements Op {}
}
