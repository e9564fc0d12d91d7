package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.all;
import static dev.tdb.postgres.frontend.ClientBytes.bind;
import static dev.tdb.postgres.frontend.ClientBytes.copyData;
import static dev.tdb.postgres.frontend.ClientBytes.execute;
import static dev.tdb.postgres.frontend.ClientBytes.flush;
import static dev.tdb.postgres.frontend.ClientBytes.functionCall;
import static dev.tdb.postgres.frontend.ClientBytes.parse;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ClientBytes.sync;
import static dev.tdb.postgres.frontend.ClientBytes.terminate;
import static dev.tdb.postgres.frontend.ServerBytes.complete;
import static dev.tdb.postgres.frontend.ServerBytes.emptyQuery;
import static dev.tdb.postgres.frontend.ServerBytes.error;
import static dev.tdb.postgres.frontend.ServerBytes.notice;
import static dev.tdb.postgres.frontend.ServerBytes.notification;
import static dev.tdb.postgres.frontend.ServerBytes.parameter;
import static dev.tdb.postgres.frontend.ServerBytes.parseComplete;
import static dev.tdb.postgres.frontend.ServerBytes.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the proxy itself says to a client. */
class RefusedUnitTest {
    private static final Refusal SUSPENDED = new Refusal.Suspended("shop__acme");
    private static final byte[] NO = error("ERROR", "55P03", SUSPENDED.sentence());
    private static final byte[] READY = ready('I');

    private final TestTalk talk = TestTalk.begun();

    private byte[] refuse(byte[]... messages) {
        ByteBuf in = Unpooled.wrappedBuffer(messages);
        talk.conversation.refuse(in, SUSPENDED);
        assertThat(in.isReadable()).isFalse();
        return talk.port.takeSent();
    }

    private byte[] answer(ByteBuf in) {
        talk.conversation.answerHeld(in);
        return talk.port.takeSent();
    }

    @Test
    void eachUnitIsRefusedOnceAndTheConnectionGoesOn() {
        assertThat(refuse(query("a"), parse("", "b"), bind("", ""), execute(), sync(), functionCall(1), sync()))
                .isEqualTo(all(NO, READY, NO, READY, NO, READY, READY));
        assertThat(talk.conversation.isSkipping()).isFalse();
        assertThat(talk.atSafePoint()).isTrue();
        talk.client(query("a"));
        talk.server(complete("A"), READY);
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void aRefusedBatchIsSilentUntilItsSync() {
        assertThat(refuse(parse("", "b"), flush())).isEqualTo(NO);
        assertThat(talk.conversation.isSkipping()).isTrue();
        assertThat(refuse(bind("", ""), execute(), query("skipped"))).isEmpty();
        assertThat(talk.conversation.isSkipping()).isTrue();
        assertThat(refuse(sync())).isEqualTo(READY);
        assertThat(talk.conversation.isSkipping()).isFalse();
    }

    @Test
    void theRestOfARefusedBatchIsPassedOverEvenWhenTheHoldHasEnded() {
        refuse(parse("", "b"), Arrays.copyOf(bind("", ""), 6));
        byte[] rest = Arrays.copyOfRange(bind("", ""), 6, bind("", "").length);
        ByteBuf in = Unpooled.wrappedBuffer(rest, execute(), sync(), query("lives"));

        talk.conversation.skipAtSafePoint(in);

        assertThat(talk.port.takeSent()).isEqualTo(READY);
        assertThat(in).isEqualTo(Unpooled.wrappedBuffer(query("lives")));
    }

    @Test
    void theRestOfARefusedBatchIsPassedOverOnHoldAndWhatIsBehindItWaits() {
        refuse(parse("", "b"));
        ByteBuf in = Unpooled.wrappedBuffer(execute(), sync(), query("waits"));

        assertThat(answer(in)).isEqualTo(READY);
        assertThat(in).isEqualTo(Unpooled.wrappedBuffer(query("waits")));
    }

    @Test
    void aUnitThatArrivesInPiecesIsRefusedWhenItIsWhole() {
        byte[] large = query("x".repeat(100_000));
        for (int at = 0; at < large.length; at += 999) {
            byte[] sent = refuse(Arrays.copyOfRange(large, at, Math.min(large.length, at + 999)));
            boolean last = at + 999 >= large.length;
            assertThat(sent).isEqualTo(last ? all(NO, READY) : new byte[0]);
            assertThat(talk.conversation.isSkipping()).isEqualTo(!last);
        }
    }

    @Test
    void aUnitThatArrivesInPiecesIsToldTheReasonOfItsFirst() {
        byte[] large = query("x".repeat(1_000));
        Refusal overflow = new Refusal.HoldOverflow("shop__acme", 500);
        talk.conversation.refuse(Unpooled.wrappedBuffer(Arrays.copyOf(large, 600)), overflow);
        refuse(Arrays.copyOfRange(large, 600, 700));

        byte[] sent = refuse(Arrays.copyOfRange(large, 700, large.length), query("next"));

        assertThat(sent).isEqualTo(all(error("ERROR", "55P03", overflow.sentence()), READY, NO, READY));
    }

    @Test
    void whatMeansNothingIsNotRefused() {
        assertThat(refuse(copyData("late"), flush(), query("a"))).isEqualTo(all(NO, READY));
    }

    @Test
    void manyUnitsAreToldOnceThatTheyAreTooMany() {
        byte[][] many = new byte[150_000][];
        Arrays.fill(many, query(""));

        byte[] sent = refuse(many);

        assertThat(sent).hasSizeBetween(256 << 10, 257 << 10);
        byte[] last = error("FATAL", "55P03", SUSPENDED.sentence());
        assertThat(Arrays.copyOfRange(sent, sent.length - last.length, sent.length))
                .isEqualTo(last);
        int pairBytes = all(NO, READY).length;
        assertThat((sent.length - last.length) % pairBytes).isZero();
        assertThat(talk.conversation.isLeaving()).isTrue();
        assertThat(refuse(query("never"))).isEmpty();
    }

    @Test
    void aGoodbyeIsNotRefused() {
        assertThat(refuse(query("a"), terminate(), query("never"))).isEqualTo(all(NO, READY));
        assertThat(talk.conversation.isLeaving()).isTrue();
    }

    @Test
    void aRefusalThatEndsTheConnectionIsSaidOnce() {
        Refusal deleted = new Refusal.Deleted("shop__acme");
        ByteBuf in = Unpooled.wrappedBuffer(query("a"), query("b"));
        talk.conversation.refuse(in, deleted);
        talk.conversation.farewell(deleted);

        assertThat(in.isReadable()).isFalse();
        assertThat(talk.port.takeSent()).isEqualTo(error("FATAL", "3D000", deleted.sentence()));
    }

    @Test
    void refusedUnitsAreReported() {
        talk.conversation.heldFor(5_000_000);
        refuse(query("SELECT 1"), parse("s", "SELECT 2"), sync());
        assertThat(talk.port.takeEvents())
                .extracting(QueryEvent::text, QueryEvent::errorCode, QueryEvent::error, QueryEvent::heldNanos)
                .containsExactly(
                        tuple("SELECT 1", "55P03", SUSPENDED.sentence(), 5_000_000L),
                        tuple("SELECT 2", "55P03", SUSPENDED.sentence(), 5_000_000L));
    }

    @Test
    void aFarewellIsFatalAndSaidOnce() {
        talk.conversation.farewell(SUSPENDED);
        talk.conversation.farewell(SUSPENDED);
        assertThat(talk.port.takeSent()).isEqualTo(error("FATAL", "55P03", SUSPENDED.sentence()));
    }

    @Test
    void aServerThatSaidFatalHasSaidTheLastWord() {
        talk.server(error("FATAL", "57P01", "terminating connection"));
        talk.conversation.farewell(new Refusal.ServerLost("shop__acme"));
        assertThat(talk.port.takeSent()).isEmpty();
    }

    @Test
    void aServersOwnErrorToTheLoginIsPassedOnAsItIs() {
        byte[] native3D000 = error("FATAL", "3D000", "database \"x\" does not exist");
        talk.conversation.reject(Unpooled.wrappedBuffer(native3D000));
        talk.conversation.farewell(SUSPENDED);
        assertThat(talk.port.takeSent()).isEqualTo(native3D000);
    }

    @Test
    void emptyQueriesAndLoneSyncsAreAnsweredOnHold() {
        ByteBuf in =
                Unpooled.wrappedBuffer(query(""), query(" ;\n"), sync(), flush(), copyData("late"), query("a"), sync());
        assertThat(answer(in)).isEqualTo(all(emptyQuery(), READY, emptyQuery(), READY, READY));
        assertThat(in).isEqualTo(Unpooled.wrappedBuffer(query("a"), sync()));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void whatNeedsAServerOrIsNotWholeIsNotAnsweredOnHold() {
        for (byte[] message :
                new byte[][] {query("-- comment"), parse("", ""), Arrays.copyOf(query(""), 5), {'Q', 0}}) {
            ByteBuf in = Unpooled.wrappedBuffer(message);
            assertThat(answer(in)).isEmpty();
            assertThat(in.readableBytes()).isEqualTo(message.length);
        }
        ByteBuf in = Unpooled.wrappedBuffer(terminate());
        assertThat(answer(in)).isEmpty();
        assertThat(talk.conversation.isLeaving()).isTrue();
    }

    @Test
    void onHoldOnlyWhatIsTheClientsComesFromTheOldServer() {
        ByteBuf in = Unpooled.wrappedBuffer(
                notification("c"), notice("n"), parameter("TimeZone", "UTC"), error("FATAL", "57P01", "fenced"));
        talk.conversation.fromServerWhileHeld(in);

        assertThat(in.isReadable()).isFalse();
        assertThat(talk.port.takeSent()).isEqualTo(all(notification("c"), notice("n"), parameter("TimeZone", "UTC")));
        talk.conversation.farewell(SUSPENDED);
        assertThat(talk.port.takeSent()).isNotEmpty();
    }

    @Test
    void onHoldMessagesMayComeInPieces() {
        byte[] bytes = all(notification("c"), error("FATAL", "57P01", "fenced"), notification("d"));
        for (byte b : bytes) {
            talk.conversation.fromServerWhileHeld(Unpooled.wrappedBuffer(new byte[] {b}));
        }
        assertThat(talk.port.takeSent()).isEqualTo(all(notification("c"), notification("d")));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void aNotificationThatTheEndOfAHoldCutsGoesOn() {
        byte[] bytes = notification("channel");
        talk.conversation.fromServerWhileHeld(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, 9)));
        assertThat(talk.conversation.isClientMessageOpen()).isTrue();
        talk.server(Arrays.copyOfRange(bytes, 9, bytes.length));
        assertThat(talk.port.takeSent()).isEqualTo(Arrays.copyOf(bytes, 9));
        assertThat(talk.atSafePoint()).isTrue();
    }

    @Test
    void whatIsOwedIsNotToldWithinAMessageOfTheServers() {
        byte[] bytes = notification("a channel with a long name");
        talk.conversation.movedTo(TestTalk.facts(Map.of("server_version", "19.1")));
        talk.server(Arrays.copyOf(bytes, 20));
        assertThat(talk.atSafePoint()).isFalse();
        assertThat(talk.conversation.isInterrupted()).isTrue();

        talk.client(query("a"));

        assertThat(talk.port.takeSent()).isEmpty();
        assertThat(talk.conversation.isInterrupted()).isFalse();
        talk.server(Arrays.copyOfRange(bytes, 20, bytes.length));
        talk.client(query("b"));
        assertThat(talk.port.takeSent()).isEqualTo(parameter("server_version", "19.1"));
    }

    @Test
    void whatTheOldServerSaidInPartIsNotTheNewOnes() {
        byte[] bytes = error("FATAL", "57P01", "fenced");
        for (int cut = 1; cut < bytes.length; cut++) {
            talk.conversation.fromServerWhileHeld(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, cut)));
            talk.conversation.movedTo(TestTalk.facts(Map.of()));
            assertThat(talk.atSafePoint()).isTrue();
            talk.client(query("a"));
            talk.server(complete("A"), READY);
            assertThat(talk.atSafePoint()).isTrue();
        }
    }

    @Test
    void whatWasSwallowedInPartCannotGoOn() {
        byte[] bytes = error("FATAL", "57P01", "fenced");
        talk.conversation.fromServerWhileHeld(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, 9)));
        assertThat(talk.conversation.isClientMessageOpen()).isFalse();
        assertThatThrownBy(() -> talk.server(parseComplete())).isInstanceOf(ProtocolViolation.class);
    }
}
