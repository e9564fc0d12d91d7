package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.all;
import static dev.tdb.postgres.frontend.ClientBytes.bind;
import static dev.tdb.postgres.frontend.ClientBytes.copyData;
import static dev.tdb.postgres.frontend.ClientBytes.copyDone;
import static dev.tdb.postgres.frontend.ClientBytes.execute;
import static dev.tdb.postgres.frontend.ClientBytes.flush;
import static dev.tdb.postgres.frontend.ClientBytes.parse;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ClientBytes.sync;
import static dev.tdb.postgres.frontend.ClientBytes.terminate;
import static dev.tdb.postgres.frontend.ServerBytes.bindComplete;
import static dev.tdb.postgres.frontend.ServerBytes.complete;
import static dev.tdb.postgres.frontend.ServerBytes.copyIn;
import static dev.tdb.postgres.frontend.ServerBytes.error;
import static dev.tdb.postgres.frontend.ServerBytes.parseComplete;
import static dev.tdb.postgres.frontend.ServerBytes.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What still passes while a hold waits for a unit to end. */
class HeldUnitTest {
    private final TestTalk talk = TestTalk.begun();

    @Test
    void nothingBeginsAtASafePoint() {
        assertThat(talk.heldClient(query("a"))).isZero();
        assertThat(talk.heldClient(sync())).isZero();
        assertThat(talk.heldClient(terminate())).isZero();
        assertThat(talk.conversation.isLeaving()).isFalse();
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void theRestOfAMessagePassesAndWhatFollowsItDoesNot() {
        byte[] first = query("SELECT 1");
        talk.client(Arrays.copyOf(first, 7));
        byte[] rest = Arrays.copyOfRange(first, 7, first.length);
        assertThat(talk.heldClient(rest, query("b"))).isEqualTo(rest.length);
    }

    @Test
    void anUnfinishedBatchPassesUpToItsSync() {
        talk.client(parse("", "a"));
        byte[] rest = all(bind("", ""), execute(), flush(), sync());
        assertThat(talk.heldClient(rest, query("b"))).isEqualTo(rest.length);
        assertThat(talk.heldClient(query("b"))).isZero();
        talk.server(parseComplete(), bindComplete(), complete("A"), ready('I'));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aHoldAtAnyMessageOfAPipelineLosesNothingAndLetsTheUnitEnd(int begunBefore) {
        byte[][] messages = {
            parse("", "a"),
            bind("", ""),
            execute(),
            parse("", "b"),
            bind("", ""),
            execute(),
            sync(),
            query("c"),
            query("d")
        };
        talk.client(Arrays.copyOf(messages, begunBefore));
        ByteBuf parked = Unpooled.wrappedBuffer(Arrays.copyOfRange(messages, begunBefore, messages.length));

        parked.skipBytes(talk.conversation.fromClient(parked, true));
        talk.server(parseComplete(), bindComplete(), complete("A"), parseComplete(), bindComplete(), complete("B"));
        parked.skipBytes(talk.conversation.fromClient(parked, true));
        talk.server(ready('I'));
        if (begunBefore == 8) {
            parked.skipBytes(talk.conversation.fromClient(parked, true));
            talk.server(complete("C"), ready('I'));
        }

        assertThat(talk.atSafePoint()).isTrue();
        byte[] left = begunBefore == 8 ? query("d") : all(query("c"), query("d"));
        assertThat(parked).isEqualTo(Unpooled.wrappedBuffer(left));
    }

    @Test
    void anOpenTransactionGoesOnUnitByUnit() {
        talk.client(query("BEGIN"));
        assertThat(talk.heldClient(query("a"))).isZero();
        talk.server(complete("BEGIN"), ready('T'));
        assertThat(talk.heldClient(query("a"), query("COMMIT"))).isEqualTo(query("a").length);
        talk.server(error(), ready('E'));
        byte[] batch = all(parse("", "ROLLBACK"), bind("", ""), execute(), sync());
        assertThat(talk.heldClient(batch, query("next"))).isEqualTo(batch.length);
        talk.server(parseComplete(), bindComplete(), complete("ROLLBACK"), ready('I'));
        assertThat(talk.heldClient(query("next"))).isZero();
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void aGoodbyeWithinATransactionPasses() {
        talk.client(query("BEGIN"));
        talk.server(complete("BEGIN"), ready('T'));
        assertThat(talk.heldClient(terminate())).isEqualTo(5);
        assertThat(talk.conversation.isLeaving()).isTrue();
    }

    @Test
    void copyDataPassesWhileTheServerWantsIt() {
        talk.client(query("COPY t FROM STDIN"));
        byte[] data = all(copyData("1\n"), copyData("2\n"), copyDone());
        assertThat(talk.heldClient(data, query("b"))).isZero();
        talk.server(copyIn());
        assertThat(talk.heldClient(data, query("b"))).isEqualTo(data.length);
        talk.server(complete("COPY 2"), ready('I'));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void anExtendedCopyPassesWithTheSyncThatEndsIt() {
        talk.client(parse("", "COPY"), bind("", ""), execute(), sync());
        byte[] data = all(copyData("1\n"), copyDone(), sync());
        assertThat(talk.heldClient(data, query("b"))).isZero();
        talk.server(parseComplete(), bindComplete(), copyIn());
        assertThat(talk.heldClient(data, query("b"))).isEqualTo(data.length);
        talk.server(complete("COPY 1"), ready('I'));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void afterAFailedBatchItsSyncStillPasses() {
        talk.client(parse("", "a"), flush());
        talk.server(error());
        byte[] rest = all(bind("", ""), execute(), sync());
        assertThat(talk.heldClient(rest, query("b"))).isEqualTo(rest.length);
        talk.server(ready('I'));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void aQueryThatEndsAnUnfinishedBatchBelongsToIt() {
        talk.client(parse("", "a"), bind("", ""), execute());
        assertThat(talk.heldClient(query("b"), query("c"))).isEqualTo(query("b").length);
        talk.server(parseComplete(), bindComplete(), complete("A"), complete("B"), ready('I'));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void whatMeansNothingAtASafePointIsPassedOverHoweverLargeAndHoweverSplit() {
        ByteBuf in = Unpooled.wrappedBuffer(
                all(copyData("late"), copyDone(), flush()), Arrays.copyOf(copyData("x".repeat(1000)), 400));
        talk.conversation.skipAtSafePoint(in);
        assertThat(in.isReadable()).isFalse();
        assertThat(talk.atSafePoint()).isTrue();

        in = Unpooled.wrappedBuffer(new byte[605], query("a"));
        talk.conversation.skipAtSafePoint(in);
        assertThat(in).isEqualTo(Unpooled.wrappedBuffer(query("a")));

        in = Unpooled.wrappedBuffer(Arrays.copyOf(copyData("late"), 3));
        talk.conversation.skipAtSafePoint(in);
        assertThat(in.readableBytes()).isEqualTo(3);
    }
}
