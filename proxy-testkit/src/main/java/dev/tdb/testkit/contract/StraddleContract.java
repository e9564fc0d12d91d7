package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.testkit.wire.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A hold begins while a client is in the middle of what it sends, and the route is flipped under it. Whatever was sent
 * before the hold, the units are executed once each, in order, each whole on one server; those that had not begun, on
 * the new one.
 */
public interface StraddleContract extends Contract {
    /** Every place between two messages of a pipelined batch. */
    @Test
    default void aHoldMayBeginAtEveryMessageBoundary() throws IOException {
        try (Rig rig = rig()) {
            List<Bytes> messages = Unit.messagesOf(rig.dialect().pipeline(0));
            List<Integer> cuts = new ArrayList<>();
            int at = 0;
            for (Bytes message : messages) {
                cuts.add(at);
                at += message.length();
            }
            cuts.add(at);
            straddle(rig, cuts);
        }
    }

    /** Places inside messages: every one in the first bytes of each, where headers are, and some of the others. */
    @Test
    default void aHoldMayBeginInTheMiddleOfAMessage() throws IOException {
        try (Rig rig = rig()) {
            List<Bytes> messages = Unit.messagesOf(rig.dialect().pipeline(0));
            List<Integer> cuts = new ArrayList<>();
            int at = 0;
            for (Bytes message : messages) {
                int start = at;
                IntUnaryOperator absolute = offset -> start + offset;
                IntStream.range(1, message.length())
                        .filter(offset -> offset <= 5 || offset % 17 == 0)
                        .map(absolute)
                        .forEach(cuts::add);
                at += message.length();
            }
            straddle(rig, cuts);
        }
    }

    private static void straddle(Rig rig, List<Integer> cuts) throws IOException {
        RawClient client = rig.client();
        RigServer from = rig.oldServer();
        RigServer to = rig.newServer();
        for (int cut : cuts) {
            int fromBefore = from.received().size();
            int toBefore = to.received().size();
            List<Unit> units = rig.dialect().pipeline(fromBefore + toBefore);

            int begun = straddle(rig, client, units, cut, to);

            List<Integer> onFrom = from.received();
            List<Integer> onTo = to.received();
            assertThat(onFrom.subList(fromBefore, onFrom.size()))
                    .as("on the old server, cut at %d", cut)
                    .isEqualTo(Unit.tracesOf(units.subList(0, begun)));
            assertThat(onTo.subList(toBefore, onTo.size()))
                    .as("on the new server, cut at %d", cut)
                    .isEqualTo(Unit.tracesOf(units.subList(begun, units.size())));
            RigServer was = from;
            from = to;
            to = was;
        }
    }

    /** @return how many units had begun when the hold was taken */
    private static int straddle(Rig rig, RawClient client, List<Unit> units, int cut, RigServer to) throws IOException {
        Bytes batch = Bytes.concat(Unit.messagesOf(units));
        client.send(batch.slice(0, cut));
        int whole = 0;
        int at = 0;
        while (whole < units.size() && at + units.get(whole).bytes().length() <= cut) {
            at += units.get(whole).bytes().length();
            receiveAll(client, units.get(whole), "before the hold, cut at " + cut);
            whole++;
        }
        int begun = whole;
        if (at < cut) {
            rig.awaitInFlight();
            begun++;
        }
        Hold hold = rig.hold(Duration.ofSeconds(30));
        client.send(batch.slice(cut, batch.length()));
        rig.awaitDrained(hold);
        rig.switchTo(to, hold);
        rig.release(hold);
        for (Unit unit : units.subList(whole, units.size())) {
            receiveAll(client, unit, "cut at " + cut);
        }
        return begun;
    }

    private static void receiveAll(RawClient client, Unit unit, String when) throws IOException {
        for (int reply = 0; reply < unit.replies(); reply++) {
            assertThat(client.receive())
                    .as("reply %d to %s, %s", reply, unit.traces(), when)
                    .isInstanceOf(Reply.Done.class);
        }
    }
}
