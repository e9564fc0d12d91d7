package dev.tdb.postgres.message;

import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * NegotiateProtocolVersion ('v', server to client): the server speaks an older minor version than it was asked for, or
 * does not know some of the protocol options.
 *
 * @param minorVersion of protocol 3; the wire carries it beside the major version
 * @param unrecognizedOptions the names beginning with {@code _pq_.} that the server passed over
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record NegotiateProtocolVersion(int minorVersion, List<String> unrecognizedOptions) implements BackendMessage {
    public static final byte TYPE = 'v';

    public NegotiateProtocolVersion {
        unrecognizedOptions = List.copyOf(unrecognizedOptions);
    }

    static NegotiateProtocolVersion decode(ByteBuf body) {
        int version = WireText.readInt(body);
        if (version >>> 16 != 3 && version >>> 16 != 0) { // some servers leave the major version out
            throw new ProtocolViolation("protocol version " + (version >>> 16) + " offered");
        }
        int count = WireText.readInt(body);
        if (count < 0 || count > body.readableBytes()) {
            throw new ProtocolViolation(count + " protocol options");
        }
        List<String> options = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            options.add(WireText.readLenient(body));
        }
        return new NegotiateProtocolVersion(version & 0xFFFF, options);
    }

    /** Appends the whole message. */
    public void encode(ByteBuf out) {
        int start = WireText.begin(out, TYPE);
        out.writeInt((StartupMessage.MAJOR_VERSION << 16) | minorVersion);
        out.writeInt(unrecognizedOptions.size());
        unrecognizedOptions.forEach(option -> WireText.write(out, option));
        WireText.end(out, start);
    }
}
