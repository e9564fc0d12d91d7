package dev.tdb.mysql.message;

import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * HandshakeResponse41 (client to server): who the client is, and its first proof.
 *
 * @param authResponse made by {@code authPlugin}
 * @param database empty for none
 * @param authPlugin empty when the client did not say
 * @param attributes what the client says of itself, in its order
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html">HandshakeResponse41</a>
 */
public record HandshakeResponse41(
        int capabilities,
        int packetBytesMax,
        int collation,
        String user,
        Secret authResponse,
        String database,
        String authPlugin,
        Map<String, String> attributes)
        implements LoginRequest {
    public HandshakeResponse41 {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    static HandshakeResponse41 decode(int capabilities, int packetBytesMax, int collation, ByteBuf payload) {
        String user = WireText.readToZero(payload);
        Secret response = Secret.of(authResponse(capabilities, payload));
        // A client that announces a database and leaves it out, or the rest, is not worth being sent away.
        String database = Capabilities.has(capabilities, Capabilities.CONNECT_WITH_DB) && payload.isReadable()
                ? WireText.readToZero(payload)
                : "";
        String plugin = Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH) && payload.isReadable()
                ? WireText.readToZero(payload)
                : "";
        Map<String, String> attributes =
                Capabilities.has(capabilities, Capabilities.CONNECT_ATTRS) && payload.isReadable()
                        ? attributes(Unpooled.wrappedBuffer(LengthEncoded.readBytes(payload)))
                        : Map.of();
        return new HandshakeResponse41(
                capabilities, packetBytesMax, collation, user, response, database, plugin, attributes);
    }

    private static byte[] authResponse(int capabilities, ByteBuf payload) {
        if (Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH_LENENC_CLIENT_DATA)) {
            return LengthEncoded.readBytes(payload);
        }
        if (Capabilities.has(capabilities, Capabilities.RESERVED2)) {
            WireText.need(payload, 1);
            return WireText.readBytes(payload, payload.readUnsignedByte());
        }
        return WireText.readBytesToZero(payload);
    }

    private static Map<String, String> attributes(ByteBuf in) {
        Map<String, String> attributes = new LinkedHashMap<>();
        while (in.isReadable()) {
            String name = new String(LengthEncoded.readBytes(in), StandardCharsets.UTF_8);
            attributes.put(name, new String(LengthEncoded.readBytes(in), StandardCharsets.UTF_8));
        }
        return attributes;
    }

    @Override
    public void encode(ByteBuf out) {
        LoginRequest.super.encode(out);
        WireText.writeToZero(out, user);
        byte[] response = authResponse.bytes();
        if (Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH_LENENC_CLIENT_DATA)) {
            LengthEncoded.writeBytes(out, response);
        } else {
            out.writeByte(response.length).writeBytes(response);
        }
        if (Capabilities.has(capabilities, Capabilities.CONNECT_WITH_DB)) {
            WireText.writeToZero(out, database);
        }
        if (Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH)) {
            WireText.writeToZero(out, authPlugin);
        }
        if (Capabilities.has(capabilities, Capabilities.CONNECT_ATTRS)) {
            ByteBuf pairs = Unpooled.buffer();
            attributes.forEach((name, value) -> {
                LengthEncoded.writeBytes(pairs, name.getBytes(StandardCharsets.UTF_8));
                LengthEncoded.writeBytes(pairs, value.getBytes(StandardCharsets.UTF_8));
            });
            LengthEncoded.writeLong(out, pairs.readableBytes());
            out.writeBytes(pairs);
        }
    }
}
