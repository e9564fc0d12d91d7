package dev.tdb.mysql.frontend;

import static dev.tdb.mysql.frontend.Wire.command;
import static dev.tdb.mysql.frontend.Wire.int4;
import static dev.tdb.mysql.frontend.Wire.ok;
import static dev.tdb.mysql.frontend.Wire.packet;
import static dev.tdb.mysql.frontend.Wire.prepared;
import static dev.tdb.mysql.frontend.Wire.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.mysql.backend.LoginProfile;
import dev.tdb.mysql.backend.MySqlSessionState;
import dev.tdb.mysql.backend.RsaPassword;
import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.AuthSwitchRequest;
import dev.tdb.mysql.message.ComChangeUser;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.testkit.leak.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COM_CHANGE_USER: another login on the same connection. */
@ExtendWith(NoLeaks.class)
class ChangeOfUserTest {
    private static final int AUTOCOMMIT = 2;
    private static final int IN_TRANSACTION = 3;
    private static final Secret NO_PROOF = Secret.of(new byte[0]);

    private final TestTalk talk = new TestTalk(TestTalk.MODERN);

    private static byte[] changeOfUser(Secret proof, String database, String plugin) {
        return changeOfUser(proof, database, 45, plugin);
    }

    private static byte[] changeOfUser(Secret proof, String database, int collation, String plugin) {
        ByteBuf payload = Unpooled.buffer();
        new ComChangeUser("tdb_1", proof, database, collation, plugin).encode(payload);
        return packet(0, ByteBufUtil.getBytes(payload));
    }

    private static byte[] answer(int sequence, Secret data) {
        ByteBuf payload = Unpooled.buffer();
        new AuthData(data).encode(payload);
        return packet(sequence, ByteBufUtil.getBytes(payload));
    }

    /** What the client was asked last. */
    private WholePacket asked() {
        return WholePacket.read(talk.logins.takeSent(), 1000).orElseThrow();
    }

    private String destination() {
        return talk.conversation
                .destination()
                .map(destination -> destination.route().database() + " afresh " + destination.isFresh())
                .orElse("none");
    }

    /** As a client that shows no proof before it is asked for one. */
    private void changeTo(Secret password, String database) {
        talk.client(changeOfUser(NO_PROOF, database, AuthPlugin.NATIVE));
        AuthSwitchRequest request = AuthSwitchRequest.decode(asked().payload());
        talk.client(answer(2, DoubleHash.SHA1.answer(password, request.nonce())));
    }

    @Test
    void toTheSameUserItIsAResetThatLeavesTheSessionAsItsLoginDid() {
        Secret proof = DoubleHash.SHA1.answer(TestTalk.PASSWORD, TestTalk.NONCE);

        byte[] sent = talk.client(changeOfUser(proof, "shop__acme", AuthPlugin.NATIVE));

        assertThat(Wire.read(sent)).hasSize(3).first().isEqualTo("0 1f");
        assertThat(new String(sent, StandardCharsets.UTF_8))
                .contains("NAMES utf8mb4 COLLATE utf8mb4_general_ci")
                .endsWith("physical");
        assertThat(talk.server(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT)))
                .isEqualTo(ok(1, AUTOCOMMIT));
        assertThat(talk.conversation.atSafePoint()).isTrue();
        assertThat(destination()).isEqualTo("none");
    }

    @Test
    void whatAResetTellsIsNotSaidAgainElsewhere() {
        talk.client(query("SET time_zone = '+03:00'"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "time_zone", "+03:00")));
        talk.client(changeOfUser(
                DoubleHash.SHA1.answer(TestTalk.PASSWORD, TestTalk.NONCE), "shop__acme", AuthPlugin.NATIVE));
        talk.server(
                ok(1, AUTOCOMMIT),
                Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "character_set_results", "utf8mb4")),
                ok(1, AUTOCOMMIT));

        Described.Movable movable = (Described.Movable) talk.described();

        assertThat(movable.state()).isEqualTo(MySqlSessionState.initial());
    }

    @Test
    void withAnotherCollationItGoesAfresh() {
        talk.client(changeOfUser(
                DoubleHash.SHA1.answer(TestTalk.PASSWORD, TestTalk.NONCE), "shop__acme", 33, AuthPlugin.NATIVE));

        assertThat(destination()).isEqualTo("shop__acme afresh true");
        talk.conversation.departed();
        assertThat(talk.conversation.profile())
                .isEqualTo(new LoginProfile(TestTalk.MODERN, 33, true).toLink(Role.WRITE));
    }

    @Test
    void aProofByAnotherNonceIsAskedForAgain() {
        talk.client(changeOfUser(
                DoubleHash.SHA256.answer(TestTalk.PASSWORD, Secret.of("another nonce of theirs")),
                "shop__acme",
                AuthPlugin.CACHING_SHA2));
        AuthSwitchRequest request = AuthSwitchRequest.decode(asked().payload());
        assertThat(request.plugin()).isEqualTo(AuthPlugin.CACHING_SHA2);
        assertThat(talk.conversation.atSafePoint()).isFalse();

        byte[] sent = talk.client(answer(2, DoubleHash.SHA256.answer(TestTalk.PASSWORD, request.nonce())));

        assertThat(Wire.read(sent)).hasSize(3);
        assertThat(asked()).satisfies(packet -> {
            assertThat(packet.sequence()).isEqualTo(3);
            assertThat(AuthMoreData.decode(packet.payload()).is(AuthMoreData.FAST_AUTH_SUCCESS))
                    .isTrue();
        });
        assertThat(talk.server(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT)))
                .isEqualTo(ok(4, AUTOCOMMIT));
    }

    @Test
    void theNextProofIsWithTheLastNonce() {
        talk.client(changeOfUser(NO_PROOF, "shop__acme", AuthPlugin.NATIVE));
        Secret nonce = AuthSwitchRequest.decode(asked().payload()).nonce();
        talk.client(answer(2, DoubleHash.SHA1.answer(TestTalk.PASSWORD, nonce)));
        talk.server(ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT), ok(1, AUTOCOMMIT));

        byte[] sent = talk.client(
                changeOfUser(DoubleHash.SHA1.answer(TestTalk.PASSWORD, nonce), "shop__acme", AuthPlugin.NATIVE));

        assertThat(Wire.read(sent)).hasSize(3);
    }

    @Test
    void anotherPasswordLeadsToAnotherTenantWithNothingBuiltUp() {
        talk.client(command(0x16, "SELECT * FROM t"));
        talk.server(prepared(1, 900, 0, 0));
        talk.client(query("SET time_zone = '+03:00'"));
        talk.server(Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "time_zone", "+03:00")));

        changeTo(TestTalk.OTHER_PASSWORD, "shop__beta");

        assertThat(talk.port.takeToServer()).isEmpty();
        assertThat(destination()).isEqualTo("shop__beta afresh true");
        assertThat(talk.conversation.atSafePoint()).isTrue();
        talk.conversation.departed();
        talk.conversation.movedTo(TestTalk.FACTS);
        assertThat(talk.port.takeSent()).isEqualTo(ok(3, AUTOCOMMIT));
        assertThat(talk.conversation.profile())
                .isEqualTo(new LoginProfile(TestTalk.MODERN, 45, true).toLink(Role.WRITE));
        Described.Movable movable = (Described.Movable) talk.described();
        assertThat(movable.state()).isEqualTo(MySqlSessionState.initial());
        talk.client(command(0x17, int4(1), 0, int4(1)));
        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("1 ffdb04");
    }

    @Test
    void whatWasUnderWayEndsFirst() {
        talk.client(query("BEGIN"));
        talk.server(ok(1, IN_TRANSACTION));

        talk.client(changeOfUser(NO_PROOF, "crm__acme", AuthPlugin.NATIVE));
        AuthSwitchRequest request = AuthSwitchRequest.decode(asked().payload());
        byte[] sent = talk.client(answer(2, DoubleHash.SHA1.answer(TestTalk.PASSWORD, request.nonce())));

        assertThat(Wire.read(sent)).containsExactly("0 1f");
        assertThat(talk.conversation.atSafePoint()).isFalse();
        assertThat(talk.server(ok(1, AUTOCOMMIT))).isEmpty();
        assertThat(destination()).isEqualTo("crm__acme afresh true");
        assertThat(talk.conversation.atSafePoint()).isTrue();
    }

    @Test
    void withoutADatabaseTheSessionIsOnSomeServer() {
        talk.logins.anyRoute =
                Optional.of(new RouteKey(Engine.MYSQL, TestTalk.PROJECT, new DatabaseName("crm", "acme")));

        changeTo(TestTalk.PASSWORD, "");

        assertThat(destination()).isEqualTo("crm__acme afresh true");
        talk.conversation.departed();
        assertThat(talk.conversation.profile())
                .isEqualTo(new LoginProfile(TestTalk.MODERN, 45, false).toLink(Role.WRITE));
    }

    @Test
    void aWrongPasswordIsCountedAndNothingMoreIsRead() {
        changeTo(Secret.of("not it"), "shop__acme");

        assertThat(talk.logins.events).containsExactly("failed tdb_1");
        assertThat(talk.client(query("SELECT 1"))).isEmpty();
        talk.conversation.farewell(new Refusal.BadCredentials("tdb_1"));
        assertThat(Wire.read(talk.port.takeSent())).singleElement().asString().startsWith("3 ff1504");
    }

    @Test
    void whoFailedTooOftenIsNotAsked() {
        talk.logins.throttled = Optional.of(new Refusal.RateLimited(java.time.Duration.ofSeconds(1)));

        talk.client(changeOfUser(NO_PROOF, "shop__acme", AuthPlugin.NATIVE));

        assertThat(talk.logins.refusals).hasSize(1);
        assertThat(talk.conversation.isLeaving()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop__beta", "nonsense"})
    void aDatabaseThatThePasswordDoesNotReachIsRefusedLikeAWrongPassword(String database) {
        changeTo(TestTalk.PASSWORD, database);

        assertThat(talk.logins.events).containsExactly("failed tdb_1");
        assertThat(talk.conversation.isLeaving()).isTrue();
    }

    @Test
    void whereThePasswordItselfIsAskedForItComesUnderOurKey() throws GeneralSecurityException {
        talk.logins.isCleartextPasswordAsked = true;
        talk.client(changeOfUser(NO_PROOF, "crm__acme", AuthPlugin.NATIVE));
        AuthSwitchRequest request = AuthSwitchRequest.decode(asked().payload());
        assertThat(request.plugin()).isEqualTo(AuthPlugin.CACHING_SHA2);
        talk.client(answer(2, DoubleHash.SHA256.answer(TestTalk.PASSWORD, request.nonce())));
        assertThat(asked().sequence()).isEqualTo(3);
        talk.client(answer(4, Secret.of(new byte[] {AuthMoreData.REQUEST_PUBLIC_KEY})));
        talk.logins.runLater();
        String key = new AuthData(AuthMoreData.decode(asked().payload()).data()).text();

        byte[] sent = talk.client(
                answer(6, Secret.of(RsaPassword.encipher(TestTalk.PASSWORD, request.nonce(), key))), query("SELECT 1"));

        assertThat(sent).isEmpty();
        assertThat(destination()).isEqualTo("none");
        talk.logins.runLater();
        assertThat(destination()).isEqualTo("crm__acme afresh true");
        talk.conversation.departed();
        assertThat(talk.port.takeSent()).isEqualTo(ok(7, AUTOCOMMIT));
    }

    @Test
    void itBeginsWhenAllIsAnsweredThatCameBefore() {
        ByteBuf in = Unpooled.wrappedBuffer(
                Wire.concat(query("SELECT 1"), changeOfUser(NO_PROOF, "shop__acme", AuthPlugin.NATIVE)));

        int count = talk.conversation.fromClient(in, false);

        assertThat(count).isEqualTo(query("SELECT 1").length);
        assertThat(talk.logins.takeSent().isReadable()).isFalse();
        in.skipBytes(count);
        talk.server(ok(1, AUTOCOMMIT));
        assertThat(talk.conversation.fromClient(in, false)).isZero();
        assertThat(asked().first()).isEqualTo(AuthSwitchRequest.FIRST);
        in.release();
    }
}
