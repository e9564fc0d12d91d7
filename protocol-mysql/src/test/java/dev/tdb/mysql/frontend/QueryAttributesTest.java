package dev.tdb.mysql.frontend;

import static dev.tdb.mysql.frontend.Wire.command;
import static dev.tdb.mysql.frontend.Wire.int4;
import static dev.tdb.mysql.frontend.Wire.ok;
import static dev.tdb.mysql.frontend.Wire.prepared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.mysql.codec.QueryAttributes;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.testkit.leak.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that says query attributes, before servers that take them and servers that do not. */
@ExtendWith(NoLeaks.class)
class QueryAttributesTest {
    private static final int AUTOCOMMIT = 2;
    private static final byte[] NONE = {0, 1};
    /** Two: a text and a number that is NULL. */
    private static final byte[] TWO = Wire.bytes(2, 1, 2, 1, 254, 0, 5, "trace", 8, 0, 4, "span", 6, "0123-7");

    private static TestTalk talk(boolean takesAttributes) {
        return new TestTalk(TestTalk.ATTRIBUTES, TestTalk.facts("8.0.31", 7, takesAttributes));
    }

    private static byte[] query(byte[] attributes, String sql) {
        return command(0x03, attributes, sql);
    }

    /** An execution of statement 1 with the count of its values, and their types with names. */
    private static byte[] execute(int serverId, Object... body) {
        return command(0x17, int4(serverId), 8, int4(1), Wire.bytes(body));
    }

    /** Statement 1 of two parameters, which the server knows as {@code id}. */
    private static void prepare(TestTalk talk, int id) {
        talk.client(command(0x16, "SELECT ? + ?"));
        talk.server(prepared(1, id, 0, 2), Wire.definition(2), Wire.definition(3));
    }

    @Test
    void aServerThatTakesThemGetsThem() {
        TestTalk talk = talk(true);

        assertThat(talk.client(query(NONE, "SELECT 1"))).isEqualTo(query(NONE, "SELECT 1"));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(query(TWO, "SELECT 2"))).isEqualTo(query(TWO, "SELECT 2"));
        talk.server(ok(1, AUTOCOMMIT));

        assertThat(talk.port.takeEvents()).extracting(QueryEvent::text).containsExactly("SELECT 1", "SELECT 2");
    }

    @Test
    void oneThatDoesNotGetsTheTextOnly() {
        TestTalk talk = talk(false);

        assertThat(talk.client(query(NONE, "SELECT 1"))).isEqualTo(Wire.query("SELECT 1"));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(query(TWO, "SELECT 2"))).isEqualTo(Wire.query("SELECT 2"));
        talk.server(ok(1, AUTOCOMMIT));

        assertThat(talk.port.takeEvents()).extracting(QueryEvent::text).containsExactly("SELECT 1", "SELECT 2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereTheyAreCutChangesNothing(boolean takesAttributes) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String text = "SELECT '" + "x".repeat(20_000) + "'";
        byte[] sent = Wire.concat(query(TWO, text), query(NONE, "SELECT 1"), query(NONE, text));
        byte[] expected =
                takesAttributes ? sent : Wire.concat(Wire.query(text), Wire.query("SELECT 1"), Wire.query(text));
        TestTalk talk = talk(takesAttributes);
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (int at = 0; at < sent.length; ) {
            int count = Math.min(sent.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 9000));
            passed.writeBytes(talk.client(Arrays.copyOfRange(sent, at, at + count)));
            at += count;
        }

        assertThat(passed.toByteArray()).as("seed " + seed).isEqualTo(expected);
        talk.conversation.close();
    }

    @Test
    void whatIsNotTheServersToJudgeIsSeenBehindThem() {
        TestTalk talk = talk(true);

        assertThat(talk.client(query(TWO, "USE shop__acme"))).isEqualTo(command(0x02, "physical"));
    }

    @Test
    void whatWeSaySaysThatThereAreNone() {
        TestTalk talk = talk(true);

        byte[] sent = talk.client(command(0x1f));

        assertThat(Wire.read(sent)).hasSize(2).last().asString().startsWith("0 030001" + "534554");
    }

    @Test
    void attributesBeyondTheBoundAreRefusedAndTheConnectionGoesOn() {
        TestTalk talk = talk(true);
        byte[] value = new byte[QueryAttributes.BYTES_MAX];
        byte[] long1 = Wire.bytes(1, 1, 0, 1, 254, 0, 1, "k", 0xfd, 0, 0, 1, value);

        assertThat(talk.client(query(long1, "SELECT 1"))).isEmpty();

        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ffd304");
        assertThat(talk.client(query(NONE, "SELECT 1"))).isEqualTo(query(NONE, "SELECT 1"));
    }

    @Test
    void attributesThatEndEarlyAreAViolation() {
        TestTalk talk = talk(false);

        assertThatThrownBy(() -> talk.client(command(0x03, 1, 1, 0, 1, 254, 0, 9, "k")))
                .isInstanceOf(ProtocolViolation.class);
        talk.conversation.close();
    }

    @Test
    void anExecutionGoesToAServerThatTakesThemAsItIs() {
        TestTalk talk = talk(true);
        prepare(talk, 900);

        byte[] sent =
                talk.client(execute(1, 3, 0, 1, 8, 0, 0, 3, 0, 0, 254, 0, 1, "k", int4(5), int4(0), int4(7), 1, "v"));

        assertThat(sent)
                .isEqualTo(execute(900, 3, 0, 1, 8, 0, 0, 3, 0, 0, 254, 0, 1, "k", int4(5), int4(0), int4(7), 1, "v"));
    }

    @Test
    void toOneThatDoesNotItGoesWithoutNamesAndWithoutThem() {
        TestTalk talk = talk(false);
        prepare(talk, 900);

        byte[] sent = talk.client(execute(1, 3, 5, 1, 8, 0, 0, 3, 0, 0, 254, 0, 1, "k", int4(7)));

        // The first and the third are NULL.
        assertThat(sent).isEqualTo(command(0x17, int4(900), 0, int4(1), 1, 1, 8, 0, 3, 0, int4(7)));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(execute(1, 2, 0, 0, int4(5), int4(0), int4(7))))
                .isEqualTo(command(0x17, int4(900), 0, int4(1), 0, 0, int4(5), int4(0), int4(7)));
    }

    @Test
    void aStatementWithoutParametersHasAttributesAllTheSame() {
        TestTalk talk = talk(false);
        talk.client(command(0x16, "SELECT 1"));
        talk.server(prepared(1, 900, 0, 0));

        assertThat(talk.client(execute(1, 0))).isEqualTo(command(0x17, int4(900), 0, int4(1)));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(execute(1, 1, 0, 1, 254, 0, 1, "k", 1, "v"), query(NONE, "SELECT 2")))
                .isEqualTo(Wire.concat(command(0x17, int4(900), 0, int4(1)), Wire.query("SELECT 2")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void typesThatTheNewServerWasNotToldAreSaidAgain(boolean takesAttributes) {
        TestTalk talk = talk(true);
        prepare(talk, 900);
        talk.client(execute(1, 2, 0, 1, 3, 0, 0, 3, 0, 0, int4(5), int4(7)));
        talk.server(ok(1, AUTOCOMMIT));
        talk.move(
                TestTalk.facts("8.0.31", 8, takesAttributes),
                prepared(1, 33, 0, 2),
                Wire.definition(2),
                Wire.definition(3));

        byte[] sent = talk.client(execute(1, 2, 0, 0, int4(8), int4(9)));

        assertThat(sent)
                .isEqualTo(
                        takesAttributes
                                ? execute(33, 2, 0, 1, 3, 0, 0, 3, 0, 0, int4(8), int4(9))
                                : command(0x17, int4(33), 0, int4(1), 0, 1, 3, 0, 3, 0, int4(8), int4(9)));
    }
}
