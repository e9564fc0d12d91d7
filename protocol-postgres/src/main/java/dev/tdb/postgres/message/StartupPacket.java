package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** What a client may say first: a message without a type byte, known by the number that follows its length. */
public sealed interface StartupPacket permits StartupMessage, SSLRequest, GSSENCRequest, CancelRequest {
    /** Longest packet without its length, as PostgreSQL has it. */
    int BODY_BYTES_MAX = 10_000;

    /**
     * Reads one packet, once it is whole.
     *
     * @throws ProtocolViolation as soon as its length or its content is not what it must be
     */
    static Optional<StartupPacket> read(ByteBuf in) {
        if (in.readableBytes() < Integer.BYTES) {
            return Optional.empty();
        }
        int bodyBytes = in.getInt(in.readerIndex()) - Integer.BYTES;
        if (bodyBytes < Integer.BYTES || bodyBytes > BODY_BYTES_MAX) {
            throw new ProtocolViolation("invalid length of startup packet");
        }
        if (in.readableBytes() < Integer.BYTES + bodyBytes) {
            return Optional.empty();
        }
        in.skipBytes(Integer.BYTES);
        return Optional.of(decode(in.readSlice(bodyBytes)));
    }

    private static StartupPacket decode(ByteBuf body) {
        int code = body.readInt();
        StartupPacket packet = switch (code) {
            case SSLRequest.CODE -> new SSLRequest();
            case GSSENCRequest.CODE -> new GSSENCRequest();
            case CancelRequest.CODE -> CancelRequest.decode(body);
            default -> StartupMessage.decode(code, body);
        };
        if (body.isReadable()) {
            throw new ProtocolViolation("invalid startup packet layout: expected terminator as last byte");
        }
        return packet;
    }
}
