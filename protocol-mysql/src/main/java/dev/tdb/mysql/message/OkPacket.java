package dev.tdb.mysql.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * OK_Packet (server to client): a command was done, or a result ends.
 *
 * @param header {@link #OK}, or {@link #END} where it ends a result
 * @param status bits of {@link ServerStatus}
 * @param info for people, byte for byte as ISO 8859-1
 * @param changes what changed in the session, where that was agreed on
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html">OK_Packet</a>
 */
public record OkPacket(
        int header,
        long affectedRows,
        long lastInsertId,
        int status,
        int warnings,
        String info,
        List<SessionChange> changes) {
    public static final int OK = 0x00;
    public static final int END = 0xfe;

    public OkPacket {
        changes = List.copyOf(changes);
    }

    public static OkPacket of(int status) {
        return new OkPacket(OK, 0, 0, status, 0, "", List.of());
    }

    /** Reads one of a server that tracks the session. */
    public static OkPacket decode(ByteBuf payload) {
        WireText.need(payload, 1);
        int header = payload.readUnsignedByte();
        long affectedRows = LengthEncoded.readLong(payload);
        long lastInsertId = LengthEncoded.readLong(payload);
        WireText.need(payload, 4);
        int status = payload.readUnsignedShortLE();
        int warnings = payload.readUnsignedShortLE();
        String info =
                payload.isReadable() ? new String(LengthEncoded.readBytes(payload), StandardCharsets.ISO_8859_1) : "";
        List<SessionChange> changes =
                ServerStatus.has(status, ServerStatus.SESSION_STATE_CHANGED) && payload.isReadable()
                        ? SessionChange.decodeAll(Unpooled.wrappedBuffer(LengthEncoded.readBytes(payload)))
                        : List.of();
        return new OkPacket(header, affectedRows, lastInsertId, status, warnings, info, changes);
    }

    public OkPacket withChanges(List<SessionChange> others) {
        int bit = ServerStatus.SESSION_STATE_CHANGED;
        int otherStatus = others.isEmpty() ? status & ~bit : status | bit;
        return new OkPacket(header, affectedRows, lastInsertId, otherStatus, warnings, info, others);
    }

    /**
     * Appends the payload, for a peer that tracks the session, or for one that does not. The protocol's documentation has
     * the latter read the information up to the end; all servers say its length first, and drivers read that.
     */
    public void encode(ByteBuf out, boolean tracks) {
        out.writeByte(header);
        LengthEncoded.writeLong(out, affectedRows);
        LengthEncoded.writeLong(out, lastInsertId);
        boolean changed = tracks && ServerStatus.has(status, ServerStatus.SESSION_STATE_CHANGED);
        out.writeShortLE(changed ? status : status & ~ServerStatus.SESSION_STATE_CHANGED);
        out.writeShortLE(warnings);
        byte[] text = info.getBytes(StandardCharsets.ISO_8859_1);
        if (text.length > 0 || changed) {
            LengthEncoded.writeBytes(out, text);
        }
        if (changed) {
            ByteBuf all = Unpooled.buffer();
            SessionChange.encodeAll(changes, all);
            LengthEncoded.writeLong(out, all.readableBytes());
            out.writeBytes(all);
        }
    }
}
