package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.List;

/** Writes histories down by hand, for tests: each operation takes 1 unit of time, one after the other in a session. */
final class Histories {
    private final List<Operation> operations = new ArrayList<>();

    Histories ok(int session, int seq, Op op) {
        return add(session, seq, op, Outcome.OK, "");
    }

    Histories fail(int session, int seq, Op op) {
        return add(session, seq, op, Outcome.FAIL, "55P03");
    }

    Histories info(int session, int seq, Op op, String error) {
        return add(session, seq, op, Outcome.INFO, error);
    }

    Histories at(int session, int seq, long invoked, long completed, Outcome outcome) {
        operations.add(new Operation(new Tag(session, seq), new Op.Read("x"), invoked, completed, outcome, ""));
        return this;
    }

    private Histories add(int session, int seq, Op op, Outcome outcome, String error) {
        operations.add(new Operation(new Tag(session, seq), op, 10L * seq, 10L * seq + 1, outcome, error));
        return this;
    }

    History history() {
        return History.of(operations);
    }

    static List<Anomaly.Kind> kinds(List<Anomaly> anomalies) {
        return anomalies.stream().map(Anomaly::kind).toList();
    }
}
