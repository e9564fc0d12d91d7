package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * NoticeResponse ('N', server to client): something a person may like to know. During a login nobody is there to read
 * it, so its fields are passed over.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record NoticeResponse() implements BackendMessage {
    public static final byte TYPE = 'N';

    static NoticeResponse decode(ByteBuf body) {
        body.skipBytes(body.readableBytes());
        return new NoticeResponse();
    }
}
