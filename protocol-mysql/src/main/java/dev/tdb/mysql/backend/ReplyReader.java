package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.ColumnDefinition41;
import dev.tdb.mysql.message.EofPacket;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.LengthEncoded;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the replies to commands of the proxy's own, one after the other: of a server that ends results with an OK packet,
 * and answers each command with one result at most.
 */
final class ReplyReader {
    /** Of a packet. What is asked is short; the value of a user variable may not be. */
    private static final int PAYLOAD_BYTES_MAX = Packets.PAYLOAD_BYTES_MAX - 1;

    private static final int COLUMNS_MAX = 4096;
    /** We ask for one. */
    private static final int ROWS_MAX = 4;

    private final List<ColumnDefinition41> columns = new ArrayList<>();
    private final List<List<Optional<String>>> rows = new ArrayList<>();
    private int columnsOutstanding;
    private boolean inRows;
    private int definitionsToSkip;
    private Optional<ServerReply> prepared = Optional.empty();

    /**
     * Takes the next reply off {@code in}, once all of it is there.
     *
     * @param prepares whether it is that to a COM_STMT_PREPARE
     */
    Optional<ServerReply> read(ByteBuf in, boolean prepares) {
        for (Optional<WholePacket> packet = WholePacket.read(in, PAYLOAD_BYTES_MAX);
                packet.isPresent();
                packet = WholePacket.read(in, PAYLOAD_BYTES_MAX)) {
            Optional<ServerReply> reply = onPacket(packet.get(), prepares);
            if (reply.isPresent()) {
                return reply;
            }
        }
        return Optional.empty();
    }

    private Optional<ServerReply> onPacket(WholePacket packet, boolean prepares) {
        ByteBuf payload = packet.payload();
        if (packet.first() == ErrPacket.FIRST) {
            reset();
            return Optional.of(new ServerReply.Failed(ErrPacket.decode(payload)));
        }
        if (definitionsToSkip > 0) {
            definitionsToSkip--;
            return definitionsToSkip == 0 ? prepared : Optional.empty();
        }
        if (columnsOutstanding > 0) {
            columns.add(ColumnDefinition41.decode(payload));
            columnsOutstanding--;
            inRows = columnsOutstanding == 0;
            return Optional.empty();
        }
        if (inRows) {
            if (packet.first() == OkPacket.END) {
                return Optional.of(finishRows(done(payload).status()));
            }
            if (rows.size() == ROWS_MAX) {
                throw new ProtocolViolation("more than " + ROWS_MAX + " rows of an answer");
            }
            rows.add(row(payload));
            return Optional.empty();
        }
        if (prepares) {
            return onPrepared(payload);
        }
        return switch (packet.first()) {
            case OkPacket.OK, OkPacket.END -> Optional.of(new ServerReply.Done(done(payload)));
            case LengthEncoded.NULL, -1 -> throw new ProtocolViolation("a reply that begins with " + packet.first());
            default -> {
                long count = LengthEncoded.readLong(payload);
                if (count < 1 || count > COLUMNS_MAX) {
                    throw new ProtocolViolation("an answer of " + count + " columns");
                }
                columnsOutstanding = (int) count;
                yield Optional.empty();
            }
        };
    }

    /** COM_SET_OPTION may be answered by the old end of a result. */
    private static OkPacket done(ByteBuf payload) {
        return payload.readableBytes() == EofPacket.PAYLOAD_BYTES
                ? OkPacket.of(EofPacket.decode(payload).status())
                : OkPacket.decode(payload);
    }

    private Optional<ServerReply> onPrepared(ByteBuf payload) {
        if (payload.readableBytes() < 9) {
            throw new ProtocolViolation("a statement was prepared without saying which");
        }
        payload.skipBytes(1);
        int id = payload.readIntLE();
        int columnCount = payload.readUnsignedShortLE();
        int parameters = payload.readUnsignedShortLE();
        prepared = Optional.of(new ServerReply.Prepared(id, parameters));
        definitionsToSkip = columnCount + parameters;
        return definitionsToSkip == 0 ? prepared : Optional.empty();
    }

    private List<Optional<String>> row(ByteBuf payload) {
        List<Optional<String>> row = new ArrayList<>();
        while (payload.isReadable()) {
            if (payload.getUnsignedByte(payload.readerIndex()) == LengthEncoded.NULL) {
                payload.skipBytes(1);
                row.add(Optional.empty());
            } else {
                row.add(Optional.of(new String(LengthEncoded.readBytes(payload), StandardCharsets.UTF_8)));
            }
        }
        if (row.size() != columns.size()) {
            throw new ProtocolViolation("a row of " + row.size() + " values for " + columns.size() + " columns");
        }
        return List.copyOf(row);
    }

    private ServerReply finishRows(int status) {
        ServerReply reply = new ServerReply.Rows(List.copyOf(columns), List.copyOf(rows), status);
        reset();
        return reply;
    }

    private void reset() {
        columns.clear();
        rows.clear();
        columnsOutstanding = 0;
        inRows = false;
        definitionsToSkip = 0;
    }
}
