package dev.tdb.testkit.contract;

import dev.tdb.testkit.wire.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * One unit of work as a client sends it: executed on one server, once.
 *
 * @param messages whole messages, in order
 * @param traces the numbers it leaves on the server that executes it, in order
 * @param replies how many times {@link RawClient#receive()} answers it: one, but for a transaction
 */
public record Unit(List<Bytes> messages, List<Integer> traces, int replies) {
    public Unit {
        messages = List.copyOf(messages);
        traces = List.copyOf(traces);
        if (replies < 1) {
            throw new IllegalArgumentException("a unit with " + replies + " replies");
        }
    }

    /** Leaves no trace, and is answered once. */
    public static Unit of(Bytes... messages) {
        return new Unit(List.of(messages), List.of(), 1);
    }

    /** The same, which leaves traces. */
    public Unit leaving(Integer... numbers) {
        return new Unit(messages, List.of(numbers), replies);
    }

    /** The same, which is answered so many times. */
    public Unit answered(int times) {
        return new Unit(messages, traces, times);
    }

    public Bytes bytes() {
        return Bytes.concat(messages);
    }

    static List<Bytes> messagesOf(List<Unit> units) {
        List<Bytes> all = new ArrayList<>();
        units.forEach(unit -> all.addAll(unit.messages()));
        return all;
    }

    static List<Integer> tracesOf(List<Unit> units) {
        List<Integer> all = new ArrayList<>();
        units.forEach(unit -> all.addAll(unit.traces()));
        return all;
    }
}
