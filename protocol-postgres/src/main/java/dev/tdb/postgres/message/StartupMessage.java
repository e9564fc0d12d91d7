package dev.tdb.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * StartupMessage (client to server): who connects to which database, and how the session is to begin.
 *
 * @param minorVersion 0 to 65535
 * @param parameters all of them in the order given, {@code user} and {@code database} among them; where a name came
 *     twice, its last value. Empty for another major version, which may have another layout
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public record StartupMessage(int majorVersion, int minorVersion, Map<String, String> parameters)
        implements StartupPacket {
    public static final int MAJOR_VERSION = 3;

    public StartupMessage {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    static StartupMessage decode(int version, ByteBuf body) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int majorVersion = version >>> 16;
        if (majorVersion != MAJOR_VERSION) {
            body.skipBytes(body.readableBytes());
            return new StartupMessage(majorVersion, version & 0xFFFF, parameters);
        }
        for (String name = WireText.read(body); !name.isEmpty(); name = WireText.read(body)) {
            parameters.put(name, WireText.read(body));
        }
        return new StartupMessage(majorVersion, version & 0xFFFF, parameters);
    }

    /** Appends the whole packet. */
    public void encode(ByteBuf out) {
        int lengthIndex = out.writerIndex();
        out.writeInt(0).writeInt((majorVersion << 16) | minorVersion);
        parameters.forEach((name, value) -> {
            WireText.write(out, name);
            WireText.write(out, value);
        });
        out.writeByte(0);
        WireText.end(out, lengthIndex);
    }
}
