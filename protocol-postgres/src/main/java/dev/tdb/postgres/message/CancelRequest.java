package dev.tdb.postgres.message;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * CancelRequest (client to server, on a connection of its own): end what that session is doing.
 *
 * @param secretKey 4 bytes up to protocol 3.0, 4 to 256 from 3.2 on; other lengths only towards servers that gave such
 *     a key
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record CancelRequest(int processId, Secret secretKey) implements StartupPacket {
    static final int CODE = 80877102;
    private static final int SECRET_BYTES_MIN = 4;
    private static final int SECRET_BYTES_MAX = 256;

    static CancelRequest decode(ByteBuf body) {
        int processId = WireText.readInt(body);
        byte[] secret = WireText.readRest(body);
        if (secret.length < SECRET_BYTES_MIN || secret.length > SECRET_BYTES_MAX) {
            throw new ProtocolViolation("a cancel key of " + secret.length + " bytes");
        }
        return new CancelRequest(processId, Secret.of(secret));
    }

    /** Appends the whole packet. */
    public void encode(ByteBuf out) {
        out.writeInt(3 * Integer.BYTES + secretKey.length()).writeInt(CODE);
        out.writeInt(processId).writeBytes(secretKey.bytes());
    }
}
