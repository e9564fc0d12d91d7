package dev.tdb.testkit.contract;

import dev.tdb.testkit.wire.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * One unit of work as a client sends it: answered once, executed on one server.
 *
 * @param messages whole messages, in order
 * @param traces the numbers it leaves on the server that executes it, in order
 */
public record Unit(List<Bytes> messages, List<Integer> traces) {
    public Unit {
        messages = List.copyOf(messages);
        traces = List.copyOf(traces);
    }

    /** Leaves no trace. */
    public static Unit of(List<Bytes> messages) {
        return new Unit(messages, List.of());
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
