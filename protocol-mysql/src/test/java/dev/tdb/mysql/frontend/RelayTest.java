package dev.tdb.mysql.frontend;

import static dev.tdb.mysql.frontend.Wire.command;
import static dev.tdb.mysql.frontend.Wire.concat;
import static dev.tdb.mysql.frontend.Wire.end;
import static dev.tdb.mysql.frontend.Wire.eof;
import static dev.tdb.mysql.frontend.Wire.err;
import static dev.tdb.mysql.frontend.Wire.int4;
import static dev.tdb.mysql.frontend.Wire.ok;
import static dev.tdb.mysql.frontend.Wire.packet;
import static dev.tdb.mysql.frontend.Wire.prepared;
import static dev.tdb.mysql.frontend.Wire.query;
import static dev.tdb.mysql.frontend.Wire.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.testkit.leak.NoLeaks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What passes as it came, what is changed on its way, and where a unit ends. */
@ExtendWith(NoLeaks.class)
class RelayTest {
    private static final int AUTOCOMMIT = 2;
    private static final int IN_TRANS = 1;
    private static final int MORE = 8;
    private static final int CURSOR = 0x40;
    private static final int LAST_ROW = 0x80;

    private final TestTalk talk = new TestTalk(TestTalk.MODERN);
    private final TestTalk old = new TestTalk(TestTalk.OLD);

    // ---- units

    @Test
    void aCommandAndItsReplyAreAUnit() {
        assertThat(talk.client(query("SELECT 1"))).isEqualTo(query("SELECT 1"));
        assertThat(talk.conversation.atSafePoint()).isFalse();

        byte[] reply = concat(rows(1, 3), end(6, AUTOCOMMIT));

        assertThat(talk.server(reply)).isEqualTo(reply);
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void severalResultsOfOneTextAreOneReply() {
        talk.client(query("SELECT 1; UPDATE t SET a = 1; SELECT 2"));

        talk.server(rows(1, 1), end(4, AUTOCOMMIT | MORE));
        assertThat(talk.conversation.atSafePoint()).isFalse();
        talk.server(ok(5, AUTOCOMMIT | MORE));
        assertThat(talk.conversation.atSafePoint()).isFalse();
        talk.server(rows(6, 1), end(9, AUTOCOMMIT));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void anErrorEndsAReplyWhereverItComes() {
        talk.client(query("SELECT 1"));
        talk.server(rows(1, 2), err(5, 1317, "interrupted"));
        assertThat(talk.conversation.atSafePoint()).isTrue();

        talk.client(query("SELECT"));
        talk.server(err(1, 1064, "syntax"));
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aTransactionLastsUntilAReplySaysItIsOver() {
        talk.client(query("BEGIN"));
        talk.server(ok(1, AUTOCOMMIT | IN_TRANS));
        assertThat(talk.conversation.atSafePoint()).isFalse();
        assertThat(talk.conversation.activity()).isEqualTo("in transaction");

        assertThat(talk.client(true, query("COMMIT"))).isEqualTo(query("COMMIT"));
        talk.server(ok(1, AUTOCOMMIT));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aDeadlockEndsItsTransactionThoughNoStatusSaysSo() {
        talk.client(query("BEGIN"));
        talk.server(ok(1, AUTOCOMMIT | IN_TRANS));
        talk.client(query("UPDATE t SET a = 1"));

        talk.server(err(1, 1213, "Deadlock found"));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void lockedTablesAreAUnit() {
        talk.client(query("LOCK TABLES t WRITE"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(5, "_______L")));
        assertThat(talk.conversation.atSafePoint()).isFalse();

        talk.client(query("UNLOCK TABLES"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(5, "________")));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void whileAReplyIsOwedNothingCertainlyBelongsToTheUnit() {
        talk.client(query("BEGIN"));

        assertThat(talk.client(true, query("SELECT 1"))).isEmpty();
        assertThat(talk.conversation.atSafePoint()).isFalse();
    }

    @Test
    void aCommandThatHasBegunIsFinishedUnderAHold() {
        byte[] whole = query("SELECT 1");
        byte[] first = Arrays.copyOf(whole, 7);
        byte[] rest = Arrays.copyOfRange(whole, 7, whole.length);

        byte[] before = talk.client(first);
        assertThat(talk.conversation.atSafePoint()).isFalse();
        byte[] after = talk.client(true, rest, query("SELECT 2"));

        assertThat(concat(before, after)).isEqualTo(whole);
    }

    @Test
    void goodbyeIsKeptBackAtASafePoint() {
        assertThat(talk.client(command(0x01))).isEmpty();
        assertThat(talk.conversation.isLeaving()).isTrue();
    }

    @Test
    void aCommandOfMoreThanOnePacketIsOneCommand() {
        byte[] text = new byte[0xffffff + 10];
        Arrays.fill(text, (byte) ' ');
        byte[] long1 = command(0x03, text);

        assertThat(talk.client(long1)).isEqualTo(long1);
        assertThat(talk.conversation.atSafePoint()).isFalse();
        talk.server(ok(2, AUTOCOMMIT));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aRowOfMoreThanOnePacketIsOneMessage() {
        byte[] row = packet(3, new byte[0xffffff + 5]);
        talk.client(query("SELECT"));
        byte[] first = concat(rows(1, 0), Arrays.copyOf(row, 0xffffff + 4));
        byte[] rest = Arrays.copyOfRange(row, 0xffffff + 4, row.length);

        assertThat(talk.server(first)).isEqualTo(first);
        assertThat(talk.conversation.isClientMessageOpen()).isTrue();
        assertThat(talk.server(rest)).isEqualTo(rest);
        assertThat(talk.conversation.isClientMessageOpen()).isFalse();
    }

    @Test
    void aFileIsAskedForAndSentWithinTheReply() {
        talk.client(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
        byte[] ask = packet(1, Wire.bytes(0xfb, "x"));
        assertThat(talk.server(ask)).isEqualTo(ask);

        byte[] data = concat(packet(2, Wire.bytes("1,2")), packet(3, Wire.bytes()));
        assertThat(talk.client(true, data)).isEqualTo(data);
        assertThat(talk.conversation.atSafePoint()).isFalse();
        talk.server(ok(4, AUTOCOMMIT));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    // ---- statements

    @Test
    void aStatementHasAnIdOfOursForTheClientAndTheServersForTheServer() {
        talk.client(command(0x16, "SELECT ?"));
        byte[] reply = talk.server(prepared(1, 900, 1, 1), Wire.definition(2), Wire.definition(3));
        assertThat(reply).isEqualTo(concat(prepared(1, 1, 1, 1), Wire.definition(2), Wire.definition(3)));

        byte[] execution = command(0x17, int4(1), 0, int4(1), 0, 1, 3, 0, int4(5));
        assertThat(talk.client(execution)).isEqualTo(command(0x17, int4(900), 0, int4(1), 0, 1, 3, 0, int4(5)));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(command(0x1a, int4(1)))).isEqualTo(command(0x1a, int4(900)));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(command(0x19, int4(1)))).isEqualTo(command(0x19, int4(900)));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aStatementThatIsNotKnownNeverReachesAServer() {
        assertThat(talk.client(command(0x17, int4(7), 0, int4(1)))).isEmpty();
        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ffdb04");
        assertThat(talk.client(command(0x19, int4(7)))).isEmpty();
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void theStatementThatWasPreparedLastNeedsNoId() {
        byte[] both = concat(command(0x16, "SELECT 1"), command(0x17, int4(-1), 0, int4(1)));
        assertThat(talk.client(both)).isEqualTo(both);
        talk.server(prepared(1, 900, 0, 0), ok(1, AUTOCOMMIT));

        assertThat(talk.client(command(0x17, int4(-1), 0, int4(1)))).isEqualTo(command(0x17, int4(900), 0, int4(1)));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aCursorIsAUnitUntilItsLastRow() {
        talk.client(command(0x16, "SELECT 1"));
        talk.server(prepared(1, 5, 0, 0));
        talk.client(command(0x17, int4(1), 1, int4(1)));
        talk.server(rows(1, 0), end(3, AUTOCOMMIT | CURSOR));
        assertThat(talk.conversation.atSafePoint()).isFalse();

        assertThat(talk.client(true, command(0x1c, int4(1), int4(10)))).isEqualTo(command(0x1c, int4(5), int4(10)));
        talk.server(packet(1, Wire.bytes(0, 0, 1)), end(2, AUTOCOMMIT | CURSOR | LAST_ROW));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void dataThatIsSentAheadBelongsToTheExecution() {
        talk.client(command(0x16, "SELECT ?"));
        talk.server(prepared(1, 5, 0, 1), Wire.definition(2));
        talk.client(command(0x18, int4(1), 0, 0, "abc"));
        assertThat(talk.conversation.atSafePoint()).isFalse();

        talk.client(true, command(0x17, int4(1), 0, int4(1), 0, 1, 0xfc, 0));
        talk.server(ok(1, AUTOCOMMIT));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    // ---- clients of the old kind

    @Test
    void anOldClientHearsWhereColumnsAndRowsEnd() {
        old.client(query("SELECT 1"));

        byte[] reply = old.server(rows(1, 1), end(4, AUTOCOMMIT));

        byte[] columns = rows(1, 0);
        byte[] row = Arrays.copyOfRange(rows(1, 1), columns.length, rows(1, 1).length);
        row[3] = 4;
        assertThat(reply).isEqualTo(concat(columns, eof(3, AUTOCOMMIT), row, eof(5, AUTOCOMMIT)));
        assertThat(old.conversation.atSafePoint()).isTrue();
    }

    @Test
    void anOldClientHearsOfACursorWhereColumnsEnd() {
        old.client(command(0x16, "SELECT 1"));
        old.server(prepared(1, 5, 0, 0));
        old.client(command(0x17, int4(1), 1, int4(1)));

        byte[] reply = old.server(rows(1, 0), end(3, AUTOCOMMIT | CURSOR));

        assertThat(reply).isEqualTo(concat(rows(1, 0), eof(3, AUTOCOMMIT | CURSOR)));
    }

    @Test
    void anOldClientHearsWhereDefinitionsOfAStatementEnd() {
        old.client(command(0x16, "SELECT ?"));

        byte[] reply = old.server(prepared(1, 9, 1, 1), Wire.definition(2), Wire.definition(3));

        assertThat(reply)
                .isEqualTo(concat(
                        prepared(1, 1, 1, 1),
                        Wire.definition(2),
                        eof(3, AUTOCOMMIT),
                        Wire.definition(4),
                        eof(5, AUTOCOMMIT)));
        assertThat(old.conversation.atSafePoint()).isTrue();
    }

    @Test
    void anOldClientsFileIsNumberedAsTheServerCounts() {
        old.client(query("SELECT 1; LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
        old.server(rows(1, 0), end(3, AUTOCOMMIT | MORE), packet(4, Wire.bytes(0xfb, "x")));

        byte[] sent = old.client(packet(6, Wire.bytes("1")), packet(7, Wire.bytes()));

        assertThat(sent).isEqualTo(concat(packet(5, Wire.bytes("1")), packet(6, Wire.bytes())));
        assertThat(Wire.read(old.server(ok(7, AUTOCOMMIT)))).containsExactly("8 00000002000000");
    }

    @Test
    void anOldClientHearsNothingOfWhatChangesInItsSession() {
        old.client(query("USE x"));
        old.port.takeSent();
        old.client(query("SET NAMES latin1"));

        byte[] reply = old.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(2, "1")));

        assertThat(reply).isEqualTo(ok(1, AUTOCOMMIT));
    }

    @Test
    void aClientHearsOfWhatItWouldHearOfWithoutUs() {
        talk.client(query("SET sql_mode='', autocommit=0"));

        byte[] reply = talk.server(Wire.okWithChanges(
                1,
                0,
                Wire.change(0, "sql_mode", ""),
                Wire.change(0, "autocommit", "OFF"),
                Wire.change(2, "1"),
                Wire.change(5, "________")));

        assertThat(reply).isEqualTo(Wire.okWithChanges(1, 0, Wire.change(0, "autocommit", "OFF")));
    }

    @Test
    void aClientThatChangesWhatIsTrackedHearsItAndWeGoOnTracking() {
        talk.client(query("SET session_track_state_change=ON"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "session_track_state_change", "ON")));

        byte[] sent = talk.client(query("SET @a = 1"));
        assertThat(new String(sent, StandardCharsets.UTF_8))
                .contains("SET session_track_system_variables='*'")
                .endsWith("SET @a = 1");
        byte[] changed = Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(2, "1"));

        assertThat(talk.server(ok(1, AUTOCOMMIT), changed)).isEqualTo(changed);
    }

    // ---- what is not for a server

    @Test
    void theDatabaseOfTheLoginIsUsedUnderTheNameThatItsServerKnows() {
        assertThat(talk.client(command(0x02, "shop__acme"))).isEqualTo(command(0x02, "physical"));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.client(query("USE `shop__acme`"))).isEqualTo(command(0x02, "physical"));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void anotherDatabaseIsDeniedInTurn() {
        talk.client(query("SELECT SLEEP(1)"), query("USE other"));
        assertThat(talk.port.takeSent()).isEmpty();

        byte[] replies = talk.server(ok(1, AUTOCOMMIT));

        assertThat(Wire.read(replies)).hasSize(2);
        assertThat(Wire.read(replies).getLast()).startsWith("1 ff1404");
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aKillIsAnsweredWhenTheOtherSessionHasHeardOfIt() {
        assertThat(talk.client(query("KILL QUERY 12"))).isEmpty();
        assertThat(talk.conversation.atSafePoint()).isFalse();
        InterruptingPort.Interrupt interrupt = talk.port.interrupts.remove();
        assertThat(interrupt.number()).isEqualTo(12);
        assertThat(interrupt.ends()).isFalse();

        interrupt.then().accept(true);

        assertThat(talk.port.takeSent()).isEqualTo(ok(1, AUTOCOMMIT));
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aKillOfNobodysSessionIsAnError() {
        talk.client(command(0x0c, int4(12)));
        InterruptingPort.Interrupt interrupt = talk.port.interrupts.remove();
        assertThat(interrupt.ends()).isTrue();

        interrupt.then().accept(false);

        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ff4604");
    }

    @Test
    void replicationIsRefusedAndTheConnectionStays() {
        assertThat(talk.client(command(0x12, int4(4), 0, 0, int4(1), "binlog"))).isEmpty();

        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ffd304");
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aResetIsFollowedByWhatKeepsUsInformed() {
        byte[] sent = talk.client(command(0x1f));

        assertThat(Wire.read(sent)).hasSize(2);
        assertThat(talk.server(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT))).isEqualTo(ok(1, AUTOCOMMIT));
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void statementsAreReported() {
        talk.client(query("SELECT 1"));
        talk.server(rows(1, 3), end(6, AUTOCOMMIT));
        talk.client(query("SELECT x"));
        talk.server(err(1, 1054, "Unknown column"));

        assertThat(talk.port.takeEvents())
                .satisfiesExactly(
                        first -> {
                            assertThat(first.text()).isEqualTo("SELECT 1");
                            assertThat(first.rows()).isEqualTo(3);
                            assertThat(first.success()).isTrue();
                        },
                        second -> {
                            assertThat(second.errorCode()).isEqualTo("1054");
                            assertThat(second.error()).isEqualTo("Unknown column");
                        });
    }

    @Test
    void aReplyToNothingIsAViolation() {
        assertThatThrownBy(() -> talk.server(ok(1, AUTOCOMMIT))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void aCommandOutOfSequenceIsAViolation() {
        assertThatThrownBy(() -> talk.client(packet(3, Wire.bytes(0x0e)))).isInstanceOf(ProtocolViolation.class);
    }
}
