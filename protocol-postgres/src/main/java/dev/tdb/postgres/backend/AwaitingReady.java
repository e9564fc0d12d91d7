package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.Authentication;
import dev.tdb.postgres.message.BackendKeyData;
import dev.tdb.postgres.message.BackendMessage;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.NegotiateProtocolVersion;
import dev.tdb.postgres.message.NoticeResponse;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.Map;

/**
 * We are in; the server tells of itself until it is ready.
 *
 * @param facts what it told so far
 */
record AwaitingReady(PostgresLinkFacts facts) implements LoginTalk {
    /** Most parameters a server may report; PostgreSQL 18 has 15. */
    static final int PARAMETERS_MAX = 200;

    static AwaitingReady begin() {
        return new AwaitingReady(new PostgresLinkFacts(Map.of(), 0, Secret.of(new byte[0]), 0));
    }

    @Override
    public LoginState onMessage(BackendMessage message, LoginContext context) {
        return switch (message) {
            case ParameterStatus(String name, String value) -> {
                facts.parameterChanged(name, value);
                if (facts.parameters().size() > PARAMETERS_MAX) {
                    throw new ProtocolViolation("more than " + PARAMETERS_MAX + " parameters reported");
                }
                yield this;
            }
            case BackendKeyData(int processId, Secret secretKey) ->
                new AwaitingReady(
                        new PostgresLinkFacts(facts.parameters(), processId, secretKey, facts.minorVersion()));
            case ReadyForQuery(byte status) -> {
                if (status != ReadyForQuery.IDLE) {
                    throw new ProtocolViolation("a new session in a transaction");
                }
                context.actions().succeed(facts);
                yield new LoginOver();
            }
            case Authentication _, ErrorResponse _, NegotiateProtocolVersion _, NoticeResponse _ ->
                throw unexpected(message);
        };
    }
}
