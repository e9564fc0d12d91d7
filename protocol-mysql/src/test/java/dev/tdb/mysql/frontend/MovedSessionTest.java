package dev.tdb.mysql.frontend;

import static dev.tdb.mysql.frontend.Wire.command;
import static dev.tdb.mysql.frontend.Wire.int4;
import static dev.tdb.mysql.frontend.Wire.ok;
import static dev.tdb.mysql.frontend.Wire.prepared;
import static dev.tdb.mysql.frontend.Wire.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.testkit.leak.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a session takes along, why it cannot, and what it is told while it waits. */
@ExtendWith(NoLeaks.class)
class MovedSessionTest {
    private static final int AUTOCOMMIT = 2;

    private final TestTalk talk = new TestTalk(TestTalk.MODERN);

    @Test
    void aSessionThatBuiltNothingUpAsksNothing() {
        assertThat(talk.move()).isEmpty();
    }

    @Test
    void settingsAreSetAgainAsTheServerSaidThem() {
        talk.client(query("SET NAMES latin1, sql_mode='ANSI', autocommit=0, max_execution_time=5"));
        talk.server(Wire.okWithChanges(
                1,
                0,
                Wire.change(0, "character_set_client", "latin1"),
                Wire.change(0, "character_set_results", ""),
                Wire.change(0, "sql_mode", "ANSI,PIPES_AS_CONCAT"),
                Wire.change(0, "max_execution_time", "5"),
                Wire.change(0, "autocommit", "OFF")));

        byte[] asked = talk.move(ok(1, 2), ok(1, 2));

        assertThat(text(asked))
                .contains("SET SESSION character_set_client='latin1', SESSION character_set_results=NULL,"
                        + " SESSION sql_mode='ANSI,PIPES_AS_CONCAT', SESSION max_execution_time=5")
                .endsWith("SET SESSION autocommit='OFF'");
    }

    @Test
    void whatIsToldWithEveryCommitIsNoSetting() {
        talk.client(query("INSERT INTO t VALUES (1)"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "last_gtid", "0-1-11")));

        assertThat(talk.move()).isEmpty();
    }

    @Test
    void aSchemaThatIsNotTheLoginsIsChosenAgain() {
        talk.client(query("USE information_schema"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(1, "information_schema")));

        assertThat(talk.move(ok(1, AUTOCOMMIT))).isEqualTo(command(0x02, "information_schema"));
    }

    @Test
    void statementsKeepTheirIdsAndTheTypesThatWereSaidOnce() {
        talk.client(command(0x16, "SELECT ?"));
        talk.server(prepared(1, 900, 0, 1), Wire.definition(2));
        talk.client(command(0x17, int4(1), 0, int4(1), 0, 1, 3, 0, int4(5)));
        talk.server(ok(1, AUTOCOMMIT));

        assertThat(talk.move(prepared(1, 33, 0, 1), Wire.definition(2))).isEqualTo(command(0x16, "SELECT ?"));

        assertThat(talk.client(command(0x17, int4(1), 0, int4(1), 0, 0, int4(6))))
                .isEqualTo(command(0x17, int4(33), 0, int4(1), 0, 1, 3, 0, int4(6)));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(command(0x17, int4(1), 0, int4(1), 0, 0, int4(7))))
                .isEqualTo(command(0x17, int4(33), 0, int4(1), 0, 0, int4(7)));
    }

    @Test
    void aStatementThatIsPreparedAfterTheMoveGetsAnIdOfItsOwn() {
        talk.client(command(0x16, "SELECT 1"));
        talk.server(prepared(1, 1, 0, 0));
        talk.move(prepared(1, 1, 0, 0));
        talk.client(command(0x16, "SELECT 2"));

        assertThat(talk.server(prepared(1, 2, 0, 0))).isEqualTo(prepared(1, 2, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TEMPORARY TABLE t (n INT) | temporary table",
                "SELECT GET_LOCK('a', 1) | user lock",
                "HANDLER t OPEN | handler",
                "PREPARE s FROM 'SELECT 1' | prepared statement of sql",
                "CALL p() | state of unknown kind",
            })
    void whatCannotMoveSaysWhy(String sql, String reason) {
        talk.client(query(sql));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(2, "1")));

        assertThat(talk.described()).isEqualTo(new Described.Unmovable(reason));
    }

    @Test
    void aResetMakesASessionMovable() {
        talk.client(query("CREATE TEMPORARY TABLE t (n INT)"));
        talk.server(ok(1, AUTOCOMMIT));
        talk.client(command(0x1f));
        talk.server(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT));

        assertThat(talk.described()).isInstanceOf(Described.Movable.class);
    }

    /** The server's own settings hold after it, not what a login makes of them. */
    @Test
    void aSessionThatWasResetIsResetOnTheNextServer() {
        talk.client(command(0x1f));
        talk.server(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT));

        assertThat(Wire.read(talk.move(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT))))
                .hasSize(2)
                .first()
                .isEqualTo("0 1f");
    }

    // ---- held and refused

    @Test
    void whetherTheConnectionLivesIsAnsweredOnHold() {
        ByteBuf in = Unpooled.copiedBuffer(Wire.concat(command(0x0e), query("SELECT 1"), command(0x0e)));

        talk.conversation.answerHeld(in);

        assertThat(talk.port.takeSent()).isEqualTo(ok(1, AUTOCOMMIT));
        assertThat(in.readableBytes()).isEqualTo(query("SELECT 1").length + command(0x0e).length);
        in.release();
    }

    @Test
    void everyCommandThatIsRefusedIsAnsweredOnce() {
        Refusal refusal = new Refusal.HoldTimedOut("shop__acme", Duration.ofMillis(5));
        ByteBuf in =
                Unpooled.copiedBuffer(Wire.concat(query("SELECT 1"), command(0x18, int4(1), 0, 0, "x"), command(0x0e)));

        talk.conversation.refuse(in, refusal);

        assertThat(in.isReadable()).isFalse();
        assertThat(Wire.read(talk.port.takeSent()))
                .hasSize(2)
                .allSatisfy(packet -> assertThat(packet).startsWith("1 ffb504"));
        assertThat(talk.conversation.isSkipping()).isFalse();
        in.release();
    }

    @Test
    void theRestOfARefusedCommandIsSkippedWhateverComesBehindIt() {
        Refusal refusal = new Refusal.HoldTimedOut("shop__acme", Duration.ofMillis(5));
        byte[] whole = query("SELECT 1");
        ByteBuf first = Unpooled.copiedBuffer(whole, 0, 6);
        talk.conversation.refuse(first, refusal);
        assertThat(talk.conversation.isSkipping()).isTrue();
        ByteBuf rest = Unpooled.copiedBuffer(
                Unpooled.copiedBuffer(whole, 6, whole.length - 6), Unpooled.copiedBuffer(query("SELECT 2")));

        talk.conversation.skipAtSafePoint(rest);

        assertThat(rest.readableBytes()).isEqualTo(query("SELECT 2").length);
        assertThat(Wire.read(talk.port.takeSent())).hasSize(1);
        first.release();
        rest.release();
    }

    @Test
    void aStatementThatIsClosedOnHoldIsClosedAtTheServerInTime() {
        talk.client(command(0x16, "SELECT 1"));
        talk.server(prepared(1, 900, 0, 0));
        ByteBuf in = Unpooled.copiedBuffer(command(0x19, int4(1)));
        talk.conversation.answerHeld(in);
        in.release();

        assertThat(talk.client(query("SELECT 2"))).isEqualTo(Wire.concat(command(0x19, int4(900)), query("SELECT 2")));
    }

    @Test
    void aLastWordIsTheReplyThatTheClientWaitsFor() {
        talk.client(query("SELECT 1"));
        talk.server(Wire.rows(1, 2));

        talk.conversation.farewell(new Refusal.ShuttingDown());
        talk.conversation.farewell(new Refusal.ShuttingDown());

        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("5 ff1d04");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
