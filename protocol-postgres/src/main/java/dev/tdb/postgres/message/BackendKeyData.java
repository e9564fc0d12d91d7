package dev.tdb.postgres.message;

import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;

/**
 * BackendKeyData ('K', server to client): what a client presents to cancel a query of this session.
 *
 * @param processId the server's, which the proxy replaces by one of its own
 * @param secretKey 4 bytes in protocol 3.0, 4 to 256 bytes from 3.2 on; from a server any length is taken
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record BackendKeyData(int processId, Secret secretKey) implements BackendMessage {
    public static final byte TYPE = 'K';

    static BackendKeyData decode(ByteBuf body) {
        return new BackendKeyData(WireText.readInt(body), Secret.of(WireText.readRest(body)));
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeInt(processId).writeBytes(secretKey.bytes());
        WireText.end(out, start);
    }
}
