package dev.tdb.postgres.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.postgres.message.AuthenticationCleartextPassword;
import dev.tdb.postgres.message.AuthenticationMD5Password;
import dev.tdb.postgres.message.AuthenticationOk;
import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.AuthenticationSASLFinal;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.NegotiateProtocolVersion;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.PasswordMessage;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.postgres.message.SASLInitialResponse;
import dev.tdb.postgres.message.SSLRequest;
import dev.tdb.postgres.message.StartupMessage;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramProof;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins at a server that behaves, and at ones that do not. */
class PostgresLoginTest {
    private static LoginServer plain() {
        LoginServer server = new LoginServer(ServerTls.Mode.DISABLE);
        server.actions.takeSent();
        return server;
    }

    private static void assertUnreachable(LoginServer server) {
        assertThat(server.failure()).isInstanceOf(LinkFailure.Unreachable.class);
    }

    @Test
    void theServerIsToldWhoWeAreAndWhatTheClientWants() {
        LoginServer server = new LoginServer(
                ServerTls.Mode.DISABLE, Map.of("TimeZone", "UTC"), new PostgresServerProtocol(), Integer.MAX_VALUE);

        StartupMessage startup = server.startup();

        assertThat(startup)
                .isEqualTo(new StartupMessage(3, 0, Map.of("TimeZone", "UTC", "user", "tabc", "database", "physical")));
    }

    @Test
    void noParameterOfTheClientCanSayWhoWeAre() {
        Map<String, String> hostile = Map.of("user", "postgres", "database", "postgres", "replication", "true");

        LoginServer server =
                new LoginServer(ServerTls.Mode.DISABLE, hostile, new PostgresServerProtocol(), Integer.MAX_VALUE);

        assertThat(server.startup().parameters()).isEqualTo(Map.of("user", "tabc", "database", "physical"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7, Integer.MAX_VALUE})
    void whatTheServerTellsOfItselfAreTheFacts(int pieceBytes) {
        LoginServer server =
                new LoginServer(ServerTls.Mode.DISABLE, Map.of(), new PostgresServerProtocol(), pieceBytes);
        server.actions.takeSent();

        server.scramToTheEnd().ready();

        PostgresLinkFacts facts = server.actions.succeeded.getFirst();
        assertThat(facts.parameters())
                .containsExactly(
                        Map.entry("server_version", "18.6 (Debian 18.6-1)"), Map.entry("client_encoding", "UTF8"));
        assertThat(facts.serverVersionNumber()).isEqualTo(180_006);
        assertThat(facts.processId()).isEqualTo(4711);
        assertThat(facts.cancelSecret()).isEqualTo(Secret.of("key"));
        assertThat(server.unreadBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "18.6, 180006",
        "9.6.24, 90624",
        "10beta1, 100000",
        "16devel, 160000",
        "'15.4 (Debian 15.4-1)', 150004",
        "none, 0",
        "'', 0",
        "99999999999, 0"
    })
    void theVersionIsANumber(String version, int number) {
        PostgresLinkFacts facts = new PostgresLinkFacts(Map.of("server_version", version), 1, Secret.of("key"), 0);

        assertThat(facts.serverVersionNumber()).isEqualTo(number);
    }

    @Test
    void aNoticeInBetweenIsPassedOver() {
        LoginServer server = plain().say(out -> out.writeByte('N')
                .writeInt(9)
                .writeBytes("SX\0\0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));

        server.ready();

        assertThat(server.actions.succeeded).hasSize(1);
    }

    @Test
    void thePasswordIsHashedForMd5() {
        LoginServer server = plain().say(new AuthenticationMD5Password(Secret.ofHex("01020304"))::encode);

        PasswordMessage answer = PasswordMessage.decode(server.answer());

        assertThat(answer.password().reveal()).isEqualTo("md5ef75cc997754b12ffa7a19cc5e361b31");
        server.ready();
        assertThat(server.actions.succeeded).hasSize(1);
    }

    @Test
    void thePasswordItselfIsGivenOverTlsOnly() {
        LoginServer tls = new LoginServer(ServerTls.Mode.REQUIRE).say(out -> out.writeByte('S'));
        tls.tlsStands((byte) 1);
        tls.startup();
        LoginServer plain = plain();

        tls.say(new AuthenticationCleartextPassword()::encode);
        plain.say(new AuthenticationCleartextPassword()::encode);

        assertThat(PasswordMessage.decode(tls.answer()).password()).isEqualTo(LoginServer.LOGIN.password());
        assertUnreachable(plain);
        assertThat(plain.actions.takeSent().isReadable()).isFalse();
    }

    @Test
    void keysAreDerivedOffTheLoopAndOnlyOnce() {
        PostgresServerProtocol protocol = new PostgresServerProtocol();
        LoginServer first = new LoginServer(ServerTls.Mode.DISABLE, Map.of(), protocol, Integer.MAX_VALUE);
        first.actions.takeSent();
        first.scramToTheEnd().ready();
        LoginServer second = new LoginServer(ServerTls.Mode.DISABLE, Map.of(), protocol, Integer.MAX_VALUE);
        second.actions.takeSent();

        second.scramToTheEnd().ready();

        assertThat(first.actions.worked).isEqualTo(1);
        assertThat(second.actions.worked).isZero();
        assertThat(second.actions.succeeded).hasSize(1);
    }

    @Test
    void theServerMustProveItselfToo() {
        LoginServer lying = plain();
        ScramProof proof = lying.scram("SCRAM-SHA-256");
        LoginServer skipping = plain();
        skipping.scram("SCRAM-SHA-256");
        ScramVerifier other = Scram.sha256(Secret.of("another"), LoginServer.SETTINGS);

        lying.say(new AuthenticationSASLFinal(proof.serverFinal(other))::encode);
        skipping.say(new AuthenticationOk()::encode);

        assertUnreachable(lying);
        assertUnreachable(skipping);
    }

    @Test
    void theChannelIsBoundWhereBothCan() {
        LoginServer server = new LoginServer(ServerTls.Mode.VERIFY_FULL).say(out -> out.writeByte('S'));
        server.tlsStands((byte) 1, (byte) 2).startup();

        ScramProof proof = server.scram("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");

        assertThat(proof.isBy(Scram.sha256(LoginServer.LOGIN.password(), LoginServer.SETTINGS)))
                .isTrue();
        assertThat(proof.authMessage()).contains("c=cD10bHMtc2VydmVyLWVuZC1wb2ludCws"); // p=tls-server-end-point,,
    }

    @ParameterizedTest
    @CsvSource({"true, y", "false, n"})
    void whereTheServerCannotItIsToldWhetherWeCould(boolean isTls, String flag) {
        LoginServer server = isTls ? new LoginServer(ServerTls.Mode.REQUIRE) : plain();
        if (isTls) {
            server.say(out -> out.writeByte('S')).tlsStands((byte) 1).startup();
        }

        server.say(new AuthenticationSASL(List.of("SCRAM-SHA-256"))::encode);

        assertThat(SASLInitialResponse.decode(server.answer()).data()).startsWith(flag + ",,");
    }

    @Test
    void tlsIsAskedForAndBegunAsTheRouteSays() {
        LoginServer server = new LoginServer(ServerTls.Mode.VERIFY_CA);
        assertThat(server.firstPacket()).isEqualTo(new SSLRequest());

        server.say(out -> out.writeByte('S'));

        assertThat(server.actions.tlsStarted).isEqualTo(1);
        assertThat(server.actions.takeSent().isReadable()).isFalse();
        server.tlsStands((byte) 1);
        assertThat(server.startup().parameters()).containsEntry("user", "tabc");
    }

    @Test
    void whereTlsIsOnlyPreferredTheLoginGoesOnWithout() {
        LoginServer server = new LoginServer(ServerTls.Mode.PREFER);
        server.actions.takeSent();

        server.say(out -> out.writeByte('N'));

        assertThat(server.startup().parameters()).containsEntry("user", "tabc");
        assertThat(server.actions.failed).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
    void whereItIsDemandedTheLoginFails(ServerTls.Mode mode) {
        LoginServer server = new LoginServer(mode);
        server.actions.takeSent();

        server.say(out -> out.writeByte('N'));

        assertUnreachable(server);
        assertThat(server.actions.takeSent().isReadable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SR", "NR", "E", "X", "SS"})
    void anyOtherAnswerThanOneLetterFailsTheLogin(String answer) {
        LoginServer server = new LoginServer(ServerTls.Mode.PREFER);

        server.say(out -> out.writeBytes(answer.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));

        assertUnreachable(server);
        assertThat(server.actions.tlsStarted).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22023", "3D000", "53300", "57P03", "42704", "42501"})
    void anErrorThatIsTheClientsIsPassedOnByteForByte(String sqlState) {
        ByteBuf error = Unpooled.buffer();
        new ErrorResponse("FATAL", sqlState, "no such thing", "set_config_option").encode(error);

        LoginServer server = plain().say(out -> out.writeBytes(error.duplicate()));

        LinkFailure.Rejected rejected = (LinkFailure.Rejected) server.failure();
        assertThat(ByteBufUtil.getBytes(rejected.message())).isEqualTo(ByteBufUtil.getBytes(error));
        assertThat(rejected.reason()).contains(sqlState);
    }

    @ParameterizedTest
    @CsvSource({"28P01, auth_failed", "28000, InitializeSessionUserId", "42501, CheckMyDatabase"})
    void anErrorOfOurOwnLoginIsNot(String sqlState, String routine) {
        LoginServer server = plain().say(new ErrorResponse("FATAL", sqlState, "you may not", routine)::encode);

        assertUnreachable(server);
        assertThat(server.failure().reason()).contains(sqlState).contains("you may not");
    }

    @Test
    void anErrorAfterTheProofIsAnErrorToo() {
        LoginServer server = plain().scramToTheEnd().say(new AuthenticationOk()::encode);

        server.say(new ErrorResponse("FATAL", "22023", "bad parameter", "")::encode);

        assertThat(server.failure()).isInstanceOf(LinkFailure.Rejected.class);
    }

    @Test
    void anErrorWithoutSqlStateIsNoError() {
        assertUnreachable(plain().say(out ->
                out.writeByte('E').writeInt(8).writeByte('M').writeByte('x').writeShort(0)));
        assertUnreachable(plain().say(out -> out.writeByte('E').writeInt(5).writeByte(0)));
        assertUnreachable(plain().say(out -> out.writeByte('E').writeInt(4)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r=%,s=c2FsdCBvZiB0aGUgc2VydmVy,i=1000001",
                "r=%,s=c2FsdCBvZiB0aGUgc2VydmVy,i=0",
                "r=%,s=,i=4096",
                "r=other,s=c2FsdCBvZiB0aGUgc2VydmVy,i=4096",
                "r=,s=c2FsdCBvZiB0aGUgc2VydmVy,i=4096",
                "e=unknown-user",
                "",
            })
    void aMaliciousChallengeFailsTheLoginWithoutWork(String challenge) {
        LoginServer server = plain().say(new AuthenticationSASL(List.of("SCRAM-SHA-256"))::encode);
        String first = SASLInitialResponse.decode(server.answer()).data();
        String nonce = first.substring(first.indexOf("r=") + 2);

        server.say(new AuthenticationSASLContinue(challenge.replace("%", nonce + "x"))::encode);

        assertUnreachable(server);
        server.actions.work();
        assertThat(server.actions.worked).isZero();
    }

    @Test
    void aMechanismThatWeDoNotHaveFailsTheLogin() {
        assertUnreachable(plain().say(new AuthenticationSASL(List.of("OAUTHBEARER"))::encode));
        assertUnreachable(plain().say(new AuthenticationSASL(List.of("SCRAM-SHA-256-PLUS"))::encode)); // without TLS
        assertUnreachable(plain().say(out -> out.writeByte('R').writeInt(8).writeInt(7))); // GSSAPI
        assertUnreachable(
                plain().say(out -> out.writeByte('R').writeInt(9).writeInt(10).writeByte(0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3, 30_001, Integer.MAX_VALUE})
    void anImpossibleLengthFailsTheLogin(int length) {
        assertUnreachable(plain().say(out -> out.writeByte('R').writeInt(length)));
    }

    @Test
    void aMessageOutOfPlaceFailsTheLogin() {
        assertUnreachable(plain().say(new ReadyForQuery(ReadyForQuery.IDLE)::encode));
        assertUnreachable(plain().say(new ParameterStatus("a", "b")::encode));
        assertUnreachable(plain().say(new AuthenticationSASLFinal("v=")::encode));
        assertUnreachable(plain().say(out -> out.writeByte('T').writeInt(4)));
        assertUnreachable(plain().say(new AuthenticationOk()::encode).say(new AuthenticationOk()::encode));
        assertUnreachable(plain().say(new AuthenticationOk()::encode).say(new ReadyForQuery((byte) 'T')::encode));
        assertUnreachable(
                plain().say(out -> out.writeByte('R').writeInt(9).writeInt(0).writeByte(0)));
    }

    @Test
    void whatAServerReportsIsBounded() {
        LoginServer server = plain().say(new AuthenticationOk()::encode);

        for (int i = 0; i <= AwaitingReady.PARAMETERS_MAX; i++) {
            server.say(new ParameterStatus("name" + i, "value")::encode);
        }

        assertUnreachable(server);
    }

    @Test
    void aServerMayOnlyOfferTheVersionThatWasAskedFor() {
        LoginServer same =
                plain().say(new NegotiateProtocolVersion(0, List.of())::encode).ready();
        LoginServer newer = plain().say(new NegotiateProtocolVersion(2, List.of())::encode);

        assertThat(same.actions.succeeded).hasSize(1);
        assertUnreachable(newer);
    }

    @Test
    void aFailureIsToldOnce() {
        LoginServer server = plain().say(out -> out.writeByte('T').writeInt(4));

        server.ready();

        assertUnreachable(server);
    }
}
