package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/** A message that a server may say before its first ReadyForQuery: all that a login must understand. */
public sealed interface BackendMessage
        permits Authentication,
                BackendKeyData,
                ErrorResponse,
                NegotiateProtocolVersion,
                NoticeResponse,
                ParameterStatus,
                ReadyForQuery {

    /**
     * Reads one whole message.
     *
     * @param body what follows the length; all of it is consumed
     * @throws ProtocolViolation for a message that has no place in a login, or whose body is not what it must be
     */
    static BackendMessage decode(byte type, ByteBuf body) {
        BackendMessage message = switch (type) {
            case Authentication.TYPE -> Authentication.decode(body);
            case BackendKeyData.TYPE -> BackendKeyData.decode(body);
            case ErrorResponse.TYPE -> ErrorResponse.decode(body);
            case NegotiateProtocolVersion.TYPE -> NegotiateProtocolVersion.decode(body);
            case NoticeResponse.TYPE -> NoticeResponse.decode(body);
            case ParameterStatus.TYPE -> ParameterStatus.decode(body);
            case ReadyForQuery.TYPE -> ReadyForQuery.decode(body);
            default -> throw new ProtocolViolation("message type " + type + " in a login");
        };
        if (body.isReadable()) {
            throw new ProtocolViolation("a message of type " + (char) type + " is too long");
        }
        return message;
    }
}
