package dev.tdb.testkit.history;

import static dev.tdb.testkit.history.Histories.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AppendCheckerTest {
    private final History history = new Histories()
            .ok(0, 0, append("a", 0, 0))
            .ok(0, 1, append("a", 0, 1))
            .ok(1, 0, append("a", 1, 0))
            .fail(1, 1, append("a", 1, 1))
            .info(1, 2, append("a", 1, 2), "")
            .history();

    @Test
    void anyInterleavingOfSessionsIsRight() {
        assertThat(check("0:0", "0:1", "1:0")).isEmpty();
        assertThat(check("0:0", "1:0", "1:2", "0:1")).isEmpty();
    }

    @Test
    void anAcknowledgedAppendThatIsMissingIsLost() {
        assertThat(check("0:0", "1:0")).containsExactly(new Anomaly(Anomaly.Kind.LOST, "0:1 of list a"));
    }

    @Test
    void anAppendThatIsThereTwiceIsADuplicate() {
        assertThat(kinds(check("0:0", "0:1", "1:0", "0:1"))).containsExactly(Anomaly.Kind.DUPLICATE);
    }

    @Test
    void twoAppendsOfOneSessionInTheWrongOrderAreSeen() {
        assertThat(check("0:1", "1:0", "0:0"))
                .containsExactly(new Anomaly(Anomaly.Kind.REORDERED, "0:0 in list a stands behind 0:1"));
    }

    @Test
    void anAppendThatNobodySentIsAPhantom() {
        assertThat(kinds(check("0:0", "0:1", "1:0", "7:0"))).containsExactly(Anomaly.Kind.PHANTOM);
    }

    @Test
    void anAppendOnAnotherListThanItWasSentToIsAPhantomThereAndLostHere() {
        List<Anomaly> anomalies = AppendChecker.check(history, Map.of("a", tags("0:0", "0:1"), "b", tags("1:0")));

        assertThat(kinds(anomalies)).containsExactly(Anomaly.Kind.PHANTOM, Anomaly.Kind.LOST);
    }

    @Test
    void aRefusedAppendMayNotBeThere() {
        assertThat(kinds(check("0:0", "0:1", "1:0", "1:1"))).containsExactly(Anomaly.Kind.REFUSED_BUT_DONE);
    }

    private List<Anomaly> check(String... values) {
        return AppendChecker.check(history, Map.of("a", tags(values)));
    }

    private static List<Tag> tags(String... values) {
        return Stream.of(values).map(Tag::parse).toList();
    }

    private static Op append(String list, int session, int seq) {
        return new Op.Append(list, new Tag(session, seq));
    }
}
