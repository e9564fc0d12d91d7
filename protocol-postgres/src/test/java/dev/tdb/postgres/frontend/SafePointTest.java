package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.all;
import static dev.tdb.postgres.frontend.ClientBytes.bind;
import static dev.tdb.postgres.frontend.ClientBytes.closeStatement;
import static dev.tdb.postgres.frontend.ClientBytes.copyData;
import static dev.tdb.postgres.frontend.ClientBytes.copyDone;
import static dev.tdb.postgres.frontend.ClientBytes.copyFail;
import static dev.tdb.postgres.frontend.ClientBytes.describePortal;
import static dev.tdb.postgres.frontend.ClientBytes.describeStatement;
import static dev.tdb.postgres.frontend.ClientBytes.execute;
import static dev.tdb.postgres.frontend.ClientBytes.flush;
import static dev.tdb.postgres.frontend.ClientBytes.functionCall;
import static dev.tdb.postgres.frontend.ClientBytes.parse;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ClientBytes.sync;
import static dev.tdb.postgres.frontend.ServerBytes.bindComplete;
import static dev.tdb.postgres.frontend.ServerBytes.closeComplete;
import static dev.tdb.postgres.frontend.ServerBytes.complete;
import static dev.tdb.postgres.frontend.ServerBytes.copyBoth;
import static dev.tdb.postgres.frontend.ServerBytes.copyIn;
import static dev.tdb.postgres.frontend.ServerBytes.copyOut;
import static dev.tdb.postgres.frontend.ServerBytes.dataRow;
import static dev.tdb.postgres.frontend.ServerBytes.emptyQuery;
import static dev.tdb.postgres.frontend.ServerBytes.error;
import static dev.tdb.postgres.frontend.ServerBytes.functionResult;
import static dev.tdb.postgres.frontend.ServerBytes.noData;
import static dev.tdb.postgres.frontend.ServerBytes.notice;
import static dev.tdb.postgres.frontend.ServerBytes.notification;
import static dev.tdb.postgres.frontend.ServerBytes.parameter;
import static dev.tdb.postgres.frontend.ServerBytes.parameterDescription;
import static dev.tdb.postgres.frontend.ServerBytes.parseComplete;
import static dev.tdb.postgres.frontend.ServerBytes.ready;
import static dev.tdb.postgres.frontend.ServerBytes.rowDescription;
import static dev.tdb.postgres.frontend.ServerBytes.suspended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.postgres.codec.RequestLedger;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SafePointTest {
    private final TestTalk talk = TestTalk.begun();

    private void inFlight() {
        assertThat(talk.atSafePoint()).isFalse();
    }

    private void safe() {
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void aQueryOfManyStatementsEndsWithItsReadyForQuery() {
        safe();
        talk.client(query("SELECT 1; SELECT 2; ;"));
        inFlight();
        talk.server(rowDescription(), dataRow("1"), complete("SELECT 1"));
        inFlight();
        talk.server(rowDescription(), dataRow("2"), complete("SELECT 1"), emptyQuery());
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void anOpenOrFailedTransactionIsNoSafePoint() {
        talk.client(query("BEGIN"));
        talk.server(complete("BEGIN"), ready('T'));
        inFlight();
        assertThat(talk.conversation.activity()).isEqualTo("in transaction");
        talk.client(query("nonsense"));
        assertThat(talk.conversation.activity()).isEqualTo("active");
        talk.server(error(), ready('E'));
        inFlight();
        talk.client(query("ROLLBACK"));
        talk.server(complete("ROLLBACK"), ready('I'));
        safe();
        assertThat(talk.conversation.activity()).isEqualTo("idle");
    }

    @Test
    void pipelinedUnitsEndWithTheLastOfTheirReplies() {
        talk.client(query("a"), query("b"), parse("", "c"), bind("", ""), execute(), sync(), sync());
        talk.server(complete("A"), ready('I'), complete("B"), ready('I'));
        inFlight();
        talk.server(parseComplete(), bindComplete(), complete("C"), ready('I'));
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void aBatchLastsUntilItsSyncEvenWhenAllIsAnswered() {
        talk.client(parse("s", "a"), describeStatement("s"), bind("", "s"), describePortal(""), execute(), flush());
        talk.server(parseComplete(), parameterDescription(), rowDescription(), bindComplete(), noData(), complete("A"));
        inFlight();
        talk.client(closeStatement("s"), sync());
        talk.server(closeComplete());
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void aSuspendedPortalIsNotTheEnd() {
        talk.client(parse("", "a"), bind("", ""), execute("", 1), flush());
        talk.server(parseComplete(), bindComplete(), dataRow("1"), suspended());
        inFlight();
        talk.client(execute("", 1), flush());
        talk.server(dataRow("2"), suspended());
        inFlight();
        talk.client(sync());
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void afterAnErrorWhatTheServerSkipsIsOwedNoReply() {
        talk.client(
                parse("", "a"), bind("", ""), execute(), parse("", "b"), bind("", ""), execute(), sync(), query("c"));
        talk.server(error());
        inFlight();
        talk.server(ready('I'));
        inFlight();
        talk.server(complete("C"), ready('I'));
        safe();
    }

    @Test
    void anErrorBeforeTheSyncSkipsWhatIsSentUntilThen() {
        talk.client(parse("", "a"), flush());
        talk.server(error());
        talk.client(bind("", ""), execute(), query("skipped as well"), functionCall(1));
        inFlight();
        talk.client(sync());
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void anErrorOfTheCommitComesBetweenSyncAndReadyForQuery() {
        talk.client(parse("", "a"), bind("", ""), execute(), sync(), query("b"));
        talk.server(parseComplete(), bindComplete(), complete("INSERT 0 1"), error());
        inFlight();
        talk.server(ready('I'));
        inFlight();
        talk.server(complete("B"), ready('I'));
        safe();
    }

    @Test
    void aQueryMayEndABatchThatHasNoSync() {
        talk.client(parse("", "a"), bind("", ""), execute(), query("b"));
        talk.server(parseComplete(), bindComplete(), complete("A"), complete("B"));
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void anErrorInABatchThatAQueryFollowsWaitsForASync() {
        talk.client(parse("", "a"), query("skipped"));
        talk.server(error());
        inFlight();
        talk.client(sync());
        talk.server(ready('I'));
        safe();
    }

    @Test
    void aFunctionCallIsAUnit() {
        talk.client(functionCall(1));
        inFlight();
        talk.server(functionResult());
        inFlight();
        talk.server(ready('I'));
        safe();
        talk.client(functionCall(1));
        talk.server(error(), ready('I'));
        safe();
    }

    @Test
    void anEmptyQueryIsAnsweredAsAnyOther() {
        talk.client(query(""));
        talk.server(emptyQuery());
        inFlight();
        talk.server(ready('I'));
        safe();
        talk.client(parse("", ""), bind("", ""), execute(), sync());
        talk.server(parseComplete(), bindComplete(), emptyQuery(), ready('I'));
        safe();
    }

    @Test
    void aCopyOfTheSimpleProtocolLastsUntilReadyForQuery() {
        talk.client(query("COPY t FROM STDIN"));
        talk.server(copyIn());
        talk.client(copyData("1\n"), copyData("2\n"), flush(), sync(), copyDone());
        inFlight();
        talk.server(complete("COPY 2"), ready('I'));
        safe();

        talk.client(query("COPY t TO STDOUT"));
        talk.server(copyOut(), copyData("1\n"), copyDone(), complete("COPY 1"));
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void aCustomSettingLeavesATraceThatNoResetTakesAway() {
        talk.client(query("SET work_mem = '5MB'"));
        talk.server(complete("SET"), ready('I'));
        assertThat(talk.conversation.leavesTraces()).isFalse();
        talk.client(query("SET app.tenant = 'a'"));
        talk.server(complete("SET"), ready('I'));
        assertThat(talk.conversation.leavesTraces()).isTrue();
        talk.client(query("DISCARD ALL"));
        talk.server(complete("DISCARD ALL"), ready('I'));
        assertThat(talk.conversation.leavesTraces()).isTrue();
    }

    @Test
    void everyCopyOfAQueryHasAnEndOfItsOwn() {
        byte[] data = all(copyData("1\n"), copyDone());
        talk.client(query("COPY a FROM STDIN; COPY b FROM STDIN; COPY c FROM STDIN"));
        for (int i = 0; i < 3; i++) {
            talk.server(copyIn());
            assertThat(talk.heldClient(data, query("b"))).isEqualTo(data.length);
            talk.server(complete("COPY 1"));
            inFlight();
        }
        talk.server(ready('I'));
        safe();
    }

    @Test
    void theCopiesOfAQueryMayBePipelined() {
        byte[] data = all(copyData("1\n"), copyDone());
        talk.client(query("COPY a FROM STDIN; COPY b FROM STDIN; COPY c FROM STDIN"), data, data);
        talk.server(copyIn());
        assertThat(talk.heldClient(query("b"))).isZero();
        talk.server(complete("COPY 1"), copyIn());
        assertThat(talk.heldClient(query("b"))).isZero();
        talk.server(complete("COPY 1"), copyIn());
        assertThat(talk.heldClient(data, query("b"))).isEqualTo(data.length);
        talk.server(complete("COPY 1"), ready('I'));
        safe();
    }

    @Test
    void theEndsOfManyCopiesDoNotFillThePipeline() {
        talk.client(query("COPY a FROM STDIN; …"));
        for (int i = 0; i <= RequestLedger.REQUESTS_FULL; i++) {
            talk.server(copyIn());
            talk.client(copyDone());
            talk.server(complete("COPY 0"));
        }
        assertThat(talk.conversation.isPipelineFull()).isFalse();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void aCopyAndItsDataMayBePipelined() {
        talk.client(query("COPY t FROM STDIN"), copyData("1\n"), copyDone(), query("b"));
        talk.server(copyIn(), complete("COPY 1"), ready('I'));
        inFlight();
        talk.server(complete("B"), ready('I'));
        safe();
    }

    @Test
    void aCopyThatFailsMidwayLeavesItsDataWithoutMeaning() {
        talk.client(query("COPY t FROM STDIN"));
        talk.server(copyIn());
        talk.client(copyData("bad\n"));
        talk.server(error(), ready('I'));
        safe();
        talk.client(copyData("more\n"), copyDone(), query("b"));
        inFlight();
        talk.server(complete("B"), ready('I'));
        safe();
    }

    @Test
    void aCopyThatTheClientGivesUpFails() {
        talk.client(query("COPY t FROM STDIN"));
        talk.server(copyIn());
        talk.client(copyFail("never mind"));
        inFlight();
        talk.server(error(), ready('I'));
        safe();
    }

    @Test
    void aSyncBeforeTheEndOfAnExtendedCopyIsSwallowedByTheServer() {
        talk.client(parse("", "COPY t FROM STDIN"), bind("", ""), describePortal(""), execute(), sync());
        talk.server(parseComplete(), bindComplete(), noData(), copyIn());
        inFlight();
        talk.client(copyData("1\n"), sync(), copyDone(), sync());
        talk.server(complete("COPY 1"));
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void anExtendedCopyMayBePipelinedWhole() {
        talk.client(
                parse("", "COPY"), bind("", ""), execute(), sync(), copyData("1\n"), copyDone(), sync(), query("b"));
        talk.server(parseComplete(), bindComplete(), copyIn(), complete("COPY 1"), ready('I'));
        inFlight();
        talk.server(complete("B"), ready('I'));
        safe();
    }

    @Test
    void anExtendedCopyThatFailsSkipsToTheNextSync() {
        talk.client(parse("", "COPY"), bind("", ""), execute(), sync());
        talk.server(parseComplete(), bindComplete(), copyIn());
        talk.client(copyData("bad\n"));
        talk.server(error());
        inFlight();
        talk.client(copyData("more\n"), copyDone(), sync());
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void theServerMayHaveFailedACopyBeforeTheProxyKnew() {
        talk.client(parse("", "COPY"), bind("", ""), execute());
        talk.server(parseComplete(), bindComplete(), copyIn());
        // The client gives up with a Sync alone, which the server, after its error, takes for the end of the batch.
        talk.client(sync());
        talk.server(error(), ready('I'));
        safe();
    }

    @Test
    void aCopyInBothDirectionsLastsUntilItsEnd() {
        talk.client(query("START_REPLICATION"));
        talk.server(copyBoth(), copyData("w"));
        talk.client(copyData("r"), copyDone());
        talk.server(copyDone(), complete("COPY 0"));
        inFlight();
        talk.server(ready('I'));
        safe();
    }

    @Test
    void whatAServerSaysOfItselfEndsNothing() {
        talk.server(notice("hear"), notification("c"), parameter("TimeZone", "UTC"));
        safe();
        talk.client(query("a"));
        talk.server(notice("hear"), notification("c"), parameter("TimeZone", "UTC"));
        inFlight();
        talk.server(complete("A"), ready('I'));
        safe();
    }

    @Test
    void aPartOfAMessageIsNoSafePointInEitherDirection() {
        byte[] message = notification("channel");
        for (int cut = 1; cut < message.length; cut++) {
            talk.server(Arrays.copyOfRange(message, 0, cut));
            inFlight();
            assertThat(talk.conversation.isClientMessageOpen()).isTrue();
            byte[] rest = Arrays.copyOfRange(message, cut, message.length);
            assertThat(talk.conversation.clientMessageRest(Unpooled.wrappedBuffer(rest, ready('I'))))
                    .isEqualTo(rest.length);
            talk.server(rest);
            safe();
            assertThat(talk.conversation.isClientMessageOpen()).isFalse();
        }
        talk.client(Arrays.copyOf(query("a"), 3));
        inFlight();
    }

    @Test
    void theRestOfAMessageIsAllThereIsAsLongAsItsLengthIsNotKnown() {
        talk.server(Arrays.copyOf(dataRow("abc"), 2));
        assertThat(talk.conversation.clientMessageRest(Unpooled.wrappedBuffer(new byte[] {0})))
                .isEqualTo(1);
    }

    @Test
    void aGoodbyeAtASafePointIsKeptFromTheServerAndOneWithinAUnitIsNot() {
        var in = Unpooled.wrappedBuffer(all(ClientBytes.terminate(), query("never")));
        assertThat(talk.conversation.fromClient(in, false)).isZero();
        assertThat(talk.conversation.isLeaving()).isTrue();

        TestTalk other = TestTalk.begun();
        in = Unpooled.wrappedBuffer(all(query("a"), ClientBytes.terminate(), query("never")));
        assertThat(other.conversation.fromClient(in, false)).isEqualTo(all(query("a"), ClientBytes.terminate()).length);
        assertThat(other.conversation.isLeaving()).isTrue();
    }

    @Test
    void thePipelineIsFullAtItsBoundAndGoesOnWhenAnswered() {
        byte[][] many = new byte[RequestLedger.REQUESTS_FULL - 1][];
        Arrays.fill(many, sync());
        talk.client(many);
        assertThat(talk.conversation.isPipelineFull()).isFalse();
        talk.client(query("one more"));
        assertThat(talk.conversation.isPipelineFull()).isTrue();
        talk.server(ready('I'));
        assertThat(talk.conversation.isPipelineFull()).isFalse();
        byte[][] replies = new byte[RequestLedger.REQUESTS_FULL - 1][];
        Arrays.fill(replies, ready('I'));
        talk.server(replies);
        safe();
    }

    @Test
    void aMessageOfAnImpossibleLengthIsAViolation() {
        assertThatThrownBy(() -> talk.client(new byte[] {'Q', 0, 0, 0, 3})).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> TestTalk.begun().client(new byte[] {'Q', 0x7f, 0, 0, 0}))
                .isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> talk.server(new byte[] {'D', -1, 0, 0, 0})).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void aGigabyteOfDataPassesWithoutBeingKept() {
        talk.client(query("COPY t FROM STDIN"));
        talk.server(copyIn());
        talk.client(new byte[] {'d', 0x3f, -1, -1, -1});
        byte[] piece = new byte[1 << 20];
        for (long left = 0x3fff_ffffL - 4; left > 0; left -= piece.length) {
            byte[] next = left < piece.length ? Arrays.copyOf(piece, (int) left) : piece;
            assertThat(talk.heldClient(next)).isEqualTo(next.length);
        }
        talk.client(copyDone());
        talk.server(complete("COPY 1"), ready('I'));
        safe();
    }
}
