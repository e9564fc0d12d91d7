package dev.tdb.mysql.message;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * The frame of every message: three bytes of length, least first, and a sequence id that counts the packets of one
 * command and its reply. A payload of {@link #PAYLOAD_BYTES_MAX} bytes goes on in the next packet.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html">MySQL Packets</a>
 */
public final class Packets {
    public static final int HEADER_BYTES = 4;
    public static final int PAYLOAD_BYTES_MAX = 0xff_ffff;

    private Packets() {}

    /** Appends one packet with the payload that {@code payload} writes; it must be shorter than a packet may be. */
    public static void write(ByteBuf out, int sequence, Consumer<ByteBuf> payload) {
        int start = out.writerIndex();
        out.writeZero(HEADER_BYTES);
        payload.accept(out);
        int length = out.writerIndex() - start - HEADER_BYTES;
        if (length >= PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException("a message of ours of " + length + " bytes");
        }
        out.setMediumLE(start, length);
        out.setByte(start + 3, sequence);
    }

    /** Appends as many packets as a payload of any length needs. */
    public static void writeLong(ByteBuf out, int sequence, ByteBuf payload) {
        int next = sequence;
        int rest = payload.readableBytes();
        int at = payload.readerIndex();
        int length;
        do {
            length = Math.min(rest, PAYLOAD_BYTES_MAX);
            out.writeMediumLE(length).writeByte(next++).writeBytes(payload, at, length);
            at += length;
            rest -= length;
        } while (length == PAYLOAD_BYTES_MAX);
    }
}
