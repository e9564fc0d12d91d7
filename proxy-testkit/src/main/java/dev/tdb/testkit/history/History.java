package dev.tdb.testkit.history;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What all sessions did, by session and in each session's order. Immutable. */
public record History(List<Operation> operations) {
    private static final Comparator<Operation> BY_TAG = Comparator.comparingInt(
                    (Operation operation) -> operation.tag().session())
            .thenComparingInt(operation -> operation.tag().seq());

    public History {
        operations = operations.stream().sorted(BY_TAG).toList();
        for (int i = 1; i < operations.size(); i++) {
            if (operations.get(i).tag().equals(operations.get(i - 1).tag())) {
                throw new IllegalArgumentException(
                        "operation " + operations.get(i).tag() + " is recorded twice");
            }
        }
    }

    public static History of(Collection<Operation> operations) {
        return new History(List.copyOf(operations));
    }

    /** Each session's operations, in the order they were sent. */
    public Map<Integer, List<Operation>> bySession() {
        return operations.stream()
                .collect(Collectors.groupingBy(
                        operation -> operation.tag().session(), LinkedHashMap::new, Collectors.toList()));
    }

    public long count(Outcome outcome) {
        return operations.stream()
                .filter(operation -> operation.outcome() == outcome)
                .count();
    }
}
