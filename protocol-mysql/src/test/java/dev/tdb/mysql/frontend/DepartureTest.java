package dev.tdb.mysql.frontend;

import static dev.tdb.mysql.frontend.Wire.command;
import static dev.tdb.mysql.frontend.Wire.int4;
import static dev.tdb.mysql.frontend.Wire.ok;
import static dev.tdb.mysql.frontend.Wire.prepared;
import static dev.tdb.mysql.frontend.Wire.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.mysql.backend.MySqlSessionState;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.testkit.leak.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that goes on in another database of its tenant. */
@ExtendWith(NoLeaks.class)
class DepartureTest {
    private static final int AUTOCOMMIT = 2;

    private final TestTalk talk = new TestTalk(TestTalk.MODERN);

    private String destination() {
        return talk.conversation
                .destination()
                .map(destination -> destination.route().database().toString())
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"USE crm__acme", "use `crm__acme`;"})
    void anotherDatabaseOfItsTenantIsWhereTheSessionGoes(String sql) {
        assertThat(talk.client(query(sql))).isEmpty();

        assertThat(destination()).isEqualTo("crm__acme");
        assertThat(talk.conversation.atSafePoint()).isTrue();
        talk.conversation.departed();
        assertThat(talk.port.takeSent()).isEqualTo(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(1, "crm__acme")));
        assertThat(destination()).isEmpty();
        talk.conversation.movedTo(TestTalk.FACTS);
        assertThat(talk.client(query("USE crm__acme"))).isEqualTo(command(0x02, "physical"));
    }

    @Test
    void whatWeAnswerSaysNothingOfTheStatementBefore() {
        int noIndexUsed = 32;
        talk.client(query("SELECT * FROM t"));
        talk.server(Wire.rows(1, 1), Wire.end(4, AUTOCOMMIT | noIndexUsed));
        talk.client(command(0x02, "crm__acme"));

        talk.conversation.departed();

        assertThat(talk.port.takeSent()).isEqualTo(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(1, "crm__acme")));
    }

    @Test
    void aTenantThatThePasswordDoesNotReachIsDenied() {
        assertThat(talk.client(command(0x02, "shop__other"))).isEmpty();

        assertThat(destination()).isEmpty();
        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ff1404");
    }

    @Test
    void whatCameBeforeIsAnsweredFirstAndWhatComesBehindIsNotLookedAt() {
        ByteBuf in =
                Unpooled.wrappedBuffer(Wire.concat(query("SELECT 1"), command(0x02, "crm__acme"), query("SELECT 2")));

        int count = talk.conversation.fromClient(in, false);

        assertThat(count).isZero();
        assertThat(in.readableBytes()).isEqualTo(query("SELECT 2").length);
        assertThat(talk.port.takeToServer()).isEqualTo(query("SELECT 1"));
        assertThat(destination()).isEmpty();
        assertThat(talk.conversation.atSafePoint()).isFalse();
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(destination()).isEqualTo("crm__acme");
        assertThat(talk.conversation.atSafePoint()).isTrue();
        in.release();
    }

    @Test
    void aTransactionStaysWhereItIs() {
        talk.client(query("BEGIN"), command(0x02, "crm__acme"));
        byte[] told = talk.server(ok(1, 3));

        assertThat(destination()).isEmpty();
        assertThat(Wire.read(told)).hasSize(2).last().asString().startsWith("1 ffd304");
        assertThat(talk.client(query("COMMIT"))).isEqualTo(query("COMMIT"));

        talk.client(command(0x02, "crm__acme"));
        assertThat(talk.conversation.atSafePoint()).isFalse();
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(destination()).isEqualTo("crm__acme");
    }

    @Test
    void whoIsInNoDatabaseMayChooseThatOfItsServerWithinATransaction() {
        TestTalk none = TestTalk.inNone();
        none.client(query("BEGIN"));
        none.server(ok(1, 3));

        assertThat(none.client(command(0x02, "shop__acme"))).isEqualTo(command(0x02, "physical"));

        none.server(ok(1, 3));
        assertThat(none.client(command(0x02, "crm__acme"))).isEmpty();
        assertThat(Wire.read(none.port.takeSent())).singleElement().asString().startsWith("1 ffd304");
    }

    @Test
    void whoMayNotGoStaysAndIsTold() {
        talk.client(command(0x02, "crm__acme"));

        talk.conversation.stayed(new Refusal.CannotDepart("crm__acme", "temporary table"));

        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ffd304");
        assertThat(destination()).isEmpty();
        assertThat(talk.client(query("USE shop__acme"))).isEqualTo(command(0x02, "physical"));
    }

    @Test
    void variablesGoAlongAndStatementsDoNot() {
        talk.client(command(0x16, "SELECT * FROM t"));
        talk.server(prepared(1, 900, 0, 0));
        talk.client(query("SET time_zone = '+03:00'"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "time_zone", "+03:00")));
        talk.client(command(0x02, "crm__acme"));

        Described.Movable movable = (Described.Movable) talk.described();
        talk.conversation.departed();
        talk.conversation.movedTo(TestTalk.FACTS);
        talk.port.takeSent();

        MySqlSessionState state = (MySqlSessionState) movable.state();
        assertThat(state.variables()).containsEntry("time_zone", "+03:00");
        assertThat(state.statements()).isEmpty();
        talk.client(command(0x17, int4(1), 0, int4(1)));
        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ffdb04");
    }
}
