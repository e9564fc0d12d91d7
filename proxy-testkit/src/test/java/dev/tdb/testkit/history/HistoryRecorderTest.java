package dev.tdb.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HistoryRecorderTest {
    private final AtomicLong clock = new AtomicLong();
    private final HistoryRecorder recorder = new HistoryRecorder(clock::incrementAndGet);

    @Test
    void operationsKeepTheirSessionTheirOrderAndTheirTimes() {
        SessionLog first = recorder.session();
        SessionLog second = recorder.session();
        SessionLog.Pending a = first.invoke(new Op.Insert(1));
        SessionLog.Pending b = second.invoke(new Op.Insert(2));
        SessionLog.Pending c = first.invoke(tag -> new Op.Append("list", tag));
        b.fail("55P03");
        a.ok();
        c.info("57P01");

        History history = recorder.history();

        assertThat(history.operations())
                .containsExactly(
                        new Operation(new Tag(0, 0), new Op.Insert(1), 1, 5, Outcome.OK, ""),
                        new Operation(new Tag(0, 1), new Op.Append("list", new Tag(0, 1)), 3, 6, Outcome.INFO, "57P01"),
                        new Operation(new Tag(1, 0), new Op.Insert(2), 2, 4, Outcome.FAIL, "55P03"));
        assertThat(history.count(Outcome.OK)).isEqualTo(1);
    }

    @Test
    void whatHasNoReplyYetIsUnknown() {
        recorder.session().invoke(new Op.Read("x"));

        assertThat(recorder.history().operations())
                .extracting(Operation::outcome)
                .containsExactly(Outcome.INFO);
    }

    @Test
    void anOutcomeIsToldOnce() {
        SessionLog.Pending pending = recorder.session().invoke(new Op.Read("x"));
        pending.ok();

        assertThatThrownBy(() -> pending.fail("XX000")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHistoryWithOneOperationTwiceIsRefused() {
        Operation operation = new Operation(new Tag(0, 0), new Op.Read("x"), 0, 1, Outcome.OK, "");

        assertThatThrownBy(() -> History.of(List.of(operation, operation)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTagReadsBack() {
        assertThat(Tag.parse(new Tag(12, 345).toString())).isEqualTo(new Tag(12, 345));
        assertThatThrownBy(() -> Tag.parse("12")).isInstanceOf(IllegalArgumentException.class);
    }
}
