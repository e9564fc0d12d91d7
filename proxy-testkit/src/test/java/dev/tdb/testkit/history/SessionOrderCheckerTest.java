package dev.tdb.testkit.history;

import static dev.tdb.testkit.history.Histories.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SessionOrderCheckerTest {
    @Test
    void aPipelineAnsweredInOrderIsRight() {
        History pipeline = new Histories()
                .at(0, 0, 0, 10, Outcome.OK)
                .at(0, 1, 1, 11, Outcome.FAIL)
                .at(0, 2, 2, 12, Outcome.OK)
                .at(1, 0, 0, 1, Outcome.OK)
                .history();

        assertThat(SessionOrderChecker.checkReplies(pipeline)).isEmpty();
    }

    @Test
    void aReplyBeforeItsTurnIsSeen() {
        History pipeline = new Histories()
                .at(0, 0, 0, 10, Outcome.OK)
                .at(0, 1, 1, 9, Outcome.OK)
                .history();

        assertThat(SessionOrderChecker.checkReplies(pipeline))
                .containsExactly(new Anomaly(Anomaly.Kind.REORDERED, "0:1 was answered before 0:0"));
    }

    @Test
    void sessionsMayBeDoneInAnyOrderAndEachInItsOwn() {
        assertThat(SessionOrderChecker.checkDone(tags("0:0", "1:0", "1:4", "0:1")))
                .isEmpty();
    }

    @Test
    void aSessionDoneOutOfOrderIsSeenOnce() {
        assertThat(kinds(SessionOrderChecker.checkDone(tags("0:0", "0:2", "0:1", "0:3"))))
                .containsExactly(Anomaly.Kind.REORDERED);
    }

    @Test
    void anOperationDoneTwiceInARowIsADuplicate() {
        assertThat(kinds(SessionOrderChecker.checkDone(tags("0:0", "0:1", "0:1"))))
                .containsExactly(Anomaly.Kind.DUPLICATE);
    }

    private static List<Tag> tags(String... values) {
        return Stream.of(values).map(Tag::parse).toList();
    }
}
