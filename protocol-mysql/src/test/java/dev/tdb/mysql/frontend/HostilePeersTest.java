package dev.tdb.mysql.frontend;

import static dev.tdb.mysql.frontend.Wire.command;
import static dev.tdb.mysql.frontend.Wire.concat;
import static dev.tdb.mysql.frontend.Wire.end;
import static dev.tdb.mysql.frontend.Wire.err;
import static dev.tdb.mysql.frontend.Wire.int4;
import static dev.tdb.mysql.frontend.Wire.ok;
import static dev.tdb.mysql.frontend.Wire.packet;
import static dev.tdb.mysql.frontend.Wire.prepared;
import static dev.tdb.mysql.frontend.Wire.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.mysql.message.Capabilities;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.KeptBytes;
import dev.tdb.testkit.leak.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer may not do to the other one through us, nor to us. */
@ExtendWith(NoLeaks.class)
class HostilePeersTest {
    private static final int AUTOCOMMIT = 2;
    private static final int CURSOR = 0x40;
    private static final byte[] ASKS_FOR_FILE = packet(1, Wire.bytes(0xfb, "/etc/passwd"));

    private final TestTalk talk = new TestTalk(TestTalk.MODERN);

    @AfterEach
    void close() {
        talk.conversation.close();
    }

    // ---- files

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOAD DATA LOCAL INFILE 'x' INTO TABLE t",
                "/* a */ load xml local infile 'x' into table t",
                "LOAD DATA /*!40000LOCAL*/ INFILE 'x' INTO TABLE t",
                "EXECUTE s",
            })
    void aServerMayAskForAFileThatAStatementNames(String sql) {
        talk.client(query(sql));

        assertThat(talk.server(ASKS_FOR_FILE)).isEqualTo(ASKS_FOR_FILE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT 'LOAD DATA LOCAL INFILE'",
                "LOAD DATA INFILE 'x' INTO TABLE t",
                "SELECT local_files FROM t"
            })
    void aServerMayNotAskForAnother(String sql) {
        talk.client(query(sql));

        assertThatThrownBy(() -> talk.server(ASKS_FOR_FILE)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void norMayItAskAClientThatSendsNone() {
        TestTalk other = new TestTalk(TestTalk.MODERN & ~Capabilities.LOCAL_FILES);
        other.client(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));

        assertThatThrownBy(() -> other.server(ASKS_FOR_FILE)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void norUsInAQuestionOfOurOwn() {
        talk.client(command(0x1f));
        talk.server(ok(1, AUTOCOMMIT));

        assertThatThrownBy(() -> talk.server(ASKS_FOR_FILE)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void whatAFileHoldsIsNeverACommandHoweverEarlyTheServerAnswers() {
        talk.client(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
        talk.server(ASKS_FOR_FILE);

        assertThatThrownBy(() -> talk.server(err(2, 1064, "enough"))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void aServerThatEndsTheConnectionMaySaySoWithinAFile() {
        talk.client(query("LOAD DATA LOCAL INFILE 'x' INTO TABLE t"));
        talk.server(ASKS_FOR_FILE);
        byte[] lastWord = err(2, 1927, "Connection was killed");

        assertThat(talk.server(lastWord)).isEqualTo(lastWord);
        byte[] contents = packet(0, Wire.bytes(0x0e));
        assertThat(talk.client(contents)).isEqualTo(contents);
        assertThat(talk.conversation.atSafePoint()).isFalse();
    }

    // ---- replies

    @Test
    void anErrorEndsAReplyAlsoAmongItsColumns() {
        talk.client(query("SELECT 1, 2"));

        talk.server(packet(1, Wire.bytes(2)), Wire.definition(2), err(3, 1317, "interrupted"));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aSettingIsNoPieceOfSql() {
        talk.client(query("SELECT 1"));

        assertThatThrownBy(() ->
                        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "a=1; DROP DATABASE d; --", "x"))))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void whatComesWithTheNextTransactionIsNoOtherStatement() {
        talk.client(query("SET TRANSACTION READ ONLY"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(4, "SET TRANSACTION READ ONLY; DROP TABLE t;")));

        assertThat(talk.described()).isInstanceOf(Described.Unmovable.class);
    }

    @Test
    void anErrorLeavesItOpenWhetherATransactionIs() {
        talk.client(query("CALL p()"));
        talk.server(err(1, 1644, "a signal"));
        var asked = talk.conversation.describe(TestTalk.FACTS);
        ByteBuf request = asked.request(UnpooledByteBufAllocator.DEFAULT);
        assertThat(request).isEqualTo(Unpooled.wrappedBuffer(command(0x0e)));
        request.release();

        assertThat(asked.onBytes(Unpooled.wrappedBuffer(ok(1, AUTOCOMMIT | 1))))
                .contains(new Described.Unmovable("open transaction"));

        talk.client(query("ROLLBACK"));
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.described()).isInstanceOf(Described.Movable.class);
    }

    // ---- statements

    @Test
    void aCursorOfAStatementThatIsClosedKeepsNobodyWaiting() {
        talk.client(command(0x16, "SELECT 1"));
        talk.server(prepared(1, 900, 0, 0));
        talk.client(command(0x17, int4(1), 1, int4(1)), command(0x19, int4(1)));

        talk.server(Wire.rows(1, 0), end(3, AUTOCOMMIT | CURSOR));

        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void aResetForgetsCursorsOnce() {
        talk.client(command(0x16, "SELECT 1"), command(0x16, "SELECT 2"));
        talk.server(prepared(1, 900, 0, 0), prepared(1, 901, 0, 0));
        talk.client(command(0x17, int4(1), 1, int4(1)));
        talk.server(Wire.rows(1, 0), end(3, AUTOCOMMIT | CURSOR));
        talk.client(command(0x1f), command(0x1a, int4(1)));
        talk.server(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT), err(1, 1243, "unknown"));
        talk.client(command(0x16, "SELECT 3"));
        talk.server(prepared(1, 902, 0, 0));
        talk.client(command(0x17, int4(3), 1, int4(1)));

        talk.server(Wire.rows(1, 0), end(3, AUTOCOMMIT | CURSOR));

        assertThat(talk.conversation.atSafePoint()).isFalse();
    }

    @Test
    void noMoreIsKeptOfStatementsThanMayBe() {
        byte[] text = new byte[1 << 20];
        java.util.Arrays.fill(text, (byte) ' ');
        for (int i = 1; i <= 40; i++) {
            talk.client(command(0x16, text));
            talk.server(prepared(1, i, 0, 0));
        }
        assertThat(talk.port.keptBytes().keptBytes()).isBetween(15L << 20, 17L << 20);
        assertThat(talk.described()).isEqualTo(new Described.Unmovable("too many prepared statements"));

        for (int i = 1; i <= 40; i++) {
            talk.client(command(0x19, int4(i)));
        }

        assertThat(talk.port.keptBytes().keptBytes()).isZero();
        assertThat(talk.described()).isInstanceOf(Described.Movable.class);
    }

    @Test
    void noMoreIsKeptThanAllSessionsMayHave() {
        TestTalk other = new TestTalk(TestTalk.MODERN, new KeptBytes(10_000));
        for (int i = 1; i <= 20; i++) {
            other.client(command(0x16, "SELECT " + "1".repeat(1000)));
            other.server(prepared(1, i, 0, 0));
        }

        assertThat(other.described()).isEqualTo(new Described.Unmovable("too many prepared statements"));

        other.conversation.close();
        assertThat(other.port.keptBytes().keptBytes()).isZero();
    }

    // ---- commands

    @ParameterizedTest
    @ValueSource(ints = {0x02, 0x0c, 0x11, 0x1b, 0x1f})
    void aShortCommandIsNotLong(int code) {
        assertThatThrownBy(() -> talk.client(command(code, new byte[70_000]))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refusedCommandsAreNotAnsweredWithoutEnd() {
        byte[][] pings = new byte[20_000][];
        java.util.Arrays.fill(pings, command(0x0e));
        ByteBuf in = Unpooled.wrappedBuffer(concat(pings));

        talk.conversation.refuse(in, new Refusal.HoldTimedOut("shop__acme", Duration.ofMillis(5)));

        assertThat(talk.port.takeSent().length).isLessThan(300 << 10);
        assertThat(talk.conversation.isLeaving()).isTrue();
        in.release();
    }

    @Test
    void manyLongTextsFillAPipeline() {
        for (int i = 0; i < 255; i++) {
            talk.client(query("x".repeat(4096)));
        }
        assertThat(talk.conversation.isPipelineFull()).isFalse();

        talk.client(query("x".repeat(4096)));

        assertThat(talk.conversation.isPipelineFull()).isTrue();
    }
}
