package dev.tdb.postgres.backend;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tdb.postgres.message.AuthenticationMD5Password;
import dev.tdb.postgres.message.AuthenticationOk;
import dev.tdb.postgres.message.AuthenticationSASL;
import dev.tdb.postgres.message.AuthenticationSASLContinue;
import dev.tdb.postgres.message.AuthenticationSASLFinal;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.ServerTls;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Any bytes of a server at any point of a login end it as a success or one failure, without an exception. */
class ServerLoginFuzz {

    @FuzzTest(maxDuration = "2m")
    void anyBytesAtAnyPoint(FuzzedDataProvider data) {
        LoginServer server = new LoginServer(
                data.pickValue(ServerTls.Mode.values()),
                Map.of(),
                new PostgresServerProtocol(),
                data.consumeInt(1, 40));
        boolean isTlsUp = false;
        while (data.remainingBytes() > 0 && server.actions.failed.isEmpty() && server.actions.succeeded.isEmpty()) {
            step(server, data);
            if (server.actions.tlsStarted > 0 && !isTlsUp && server.actions.failed.isEmpty()) {
                isTlsUp = true;
                server.tlsStands((byte) 1);
            }
            server.actions.work();
        }
        if (server.actions.failed.size() + server.actions.succeeded.size() > 1) {
            throw new AssertionError("a login ended twice: " + server.actions.failed);
        }
    }

    private static void step(LoginServer server, FuzzedDataProvider data) {
        switch (data.consumeInt(0, 8)) {
            case 0 -> server.say(out -> out.writeByte('S'));
            case 1 -> server.say(new AuthenticationOk()::encode);
            case 2 -> server.say(new AuthenticationMD5Password(Secret.of("salt"))::encode);
            case 3 -> server.say(new AuthenticationSASL(List.of("SCRAM-SHA-256", data.consumeAsciiString(30)))::encode);
            case 4 -> server.say(new AuthenticationSASLContinue(challenge(server, data))::encode);
            case 5 -> server.say(new AuthenticationSASLFinal(data.consumeAsciiString(60))::encode);
            case 6 -> server.say(new ParameterStatus(data.consumeString(20), data.consumeString(20))::encode);
            case 7 ->
                server.say(new ErrorResponse(
                        data.consumeString(6),
                        data.consumeAsciiString(5),
                        data.consumeString(20),
                        data.consumeString(20))::encode);
            default -> server.say(out -> out.writeBytes(data.consumeBytes(100)));
        }
    }

    /** As a rule one that continues the client's nonce, so that what is behind it is read, too. */
    private static String challenge(LoginServer server, FuzzedDataProvider data) {
        String first = server.actions.takeSent().toString(StandardCharsets.ISO_8859_1);
        String rest = data.consumeAsciiString(60);
        int nonce = first.indexOf(",r=");
        return nonce < 0 ? rest : first.substring(nonce + 1) + rest;
    }
}
