package dev.tdb.mysql.message;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * HandshakeV10 (server to client): the server speaks first, and says what it can before it knows who listens.
 *
 * @param connectionId what {@code KILL} calls this connection
 * @param nonce 20 bytes, for the proof of a password
 * @param authPlugin the way to prove it that the server would like
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html">HandshakeV10</a>
 */
public record HandshakeV10(
        String serverVersion,
        int connectionId,
        Secret nonce,
        int capabilities,
        int collation,
        int status,
        String authPlugin) {
    public static final int NONCE_BYTES = 20;

    private static final int VERSION = 10;
    private static final int FIRST_PART_BYTES = 8;
    private static final int RESERVED_BYTES = 10;

    public HandshakeV10 {
        if (nonce.length() != NONCE_BYTES) {
            throw new ProtocolViolation("a nonce of " + nonce.length() + " bytes");
        }
    }

    /** @throws ProtocolViolation also for a server that is older than 4.1's way to log in */
    public static HandshakeV10 decode(ByteBuf payload) {
        WireText.need(payload, 1);
        int version = payload.readUnsignedByte();
        if (version != VERSION) {
            throw new ProtocolViolation("a handshake of version " + version);
        }
        String serverVersion = WireText.readToZero(payload);
        WireText.need(payload, 4);
        int connectionId = payload.readIntLE();
        byte[] first = WireText.readBytes(payload, FIRST_PART_BYTES);
        WireText.need(payload, 1 + 2 + 1 + 2 + 2 + 1);
        payload.skipBytes(1);
        int lower = payload.readUnsignedShortLE();
        int collation = payload.readUnsignedByte();
        int status = payload.readUnsignedShortLE();
        int capabilities = payload.readUnsignedShortLE() << 16 | lower;
        int nonceBytes = payload.readUnsignedByte();
        WireText.readBytes(payload, RESERVED_BYTES);
        byte[] second = WireText.readBytes(payload, Math.max(13, nonceBytes - FIRST_PART_BYTES));
        byte[] nonce = Arrays.copyOf(first, NONCE_BYTES);
        System.arraycopy(second, 0, nonce, FIRST_PART_BYTES, NONCE_BYTES - FIRST_PART_BYTES);
        String plugin = Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH) && payload.isReadable()
                ? pluginName(payload)
                : AuthPlugin.NATIVE;
        return new HandshakeV10(serverVersion, connectionId, Secret.of(nonce), capabilities, collation, status, plugin);
    }

    /** Some servers leave the zero at the end out. */
    private static String pluginName(ByteBuf payload) {
        return payload.bytesBefore((byte) 0) < 0 ? WireText.readRest(payload) : WireText.readToZero(payload);
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        byte[] bytes = nonce.bytes();
        out.writeByte(VERSION);
        WireText.writeToZero(out, serverVersion);
        out.writeIntLE(connectionId);
        out.writeBytes(bytes, 0, FIRST_PART_BYTES).writeByte(0);
        out.writeShortLE(capabilities);
        out.writeByte(collation);
        out.writeShortLE(status);
        out.writeShortLE(capabilities >>> 16);
        out.writeByte(NONCE_BYTES + 1);
        out.writeZero(RESERVED_BYTES);
        out.writeBytes(bytes, FIRST_PART_BYTES, NONCE_BYTES - FIRST_PART_BYTES).writeByte(0);
        WireText.writeToZero(out, authPlugin);
    }
}
