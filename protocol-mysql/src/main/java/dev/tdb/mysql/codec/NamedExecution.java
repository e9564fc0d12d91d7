package dev.tdb.mysql.codec;

import dev.tdb.mysql.message.CommandCode;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * COM_STMT_EXECUTE of a client that has agreed to query attributes: behind the parameters of the statement come those, and
 * all have names.
 *
 * <pre>
 *   code, id, flags, iterations | count | NULLs, a bit each | 1 | type, name … | value …
 * </pre>
 *
 * @param payload its beginning, a view
 * @param count of the statement's parameters and of attributes
 * @param nullsIndex where the bits are in {@code payload}
 * @param types of all; null when the client counts on those that it said before
 * @param valuesIndex where the values begin
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html">COM_STMT_EXECUTE</a>
 */
public record NamedExecution(
        ByteBuf payload,
        int count,
        int nullsIndex,
        @Nullable List<Integer> types,
        int valuesIndex) {
    /** In the flags: the count is said. */
    private static final int PARAMETER_COUNT_AVAILABLE = 8;

    private static final int FLAGS_INDEX = 5;
    private static final int COUNT_MAX = 0xffff;

    /**
     * @param parameters of the statement
     * @return empty when {@code payload} ends before the values begin
     */
    public static Optional<NamedExecution> read(ByteBuf payload, int parameters) {
        ByteBuf in = payload.duplicate();
        if (in.readableBytes() < PreparedStatement.FIXED_BYTES) {
            return Optional.empty();
        }
        boolean said = parameters > 0 || (payload.getByte(FLAGS_INDEX) & PARAMETER_COUNT_AVAILABLE) != 0;
        in.readerIndex(PreparedStatement.FIXED_BYTES);
        long count = said ? QueryAttributes.length(in) : 0;
        if (count < 0) {
            return Optional.empty();
        }
        if (count < parameters || count > COUNT_MAX) {
            throw new ProtocolViolation(count + " values for " + parameters + " parameters");
        }
        int nulls = in.readerIndex();
        if (count == 0) {
            return Optional.of(new NamedExecution(payload, 0, nulls, null, nulls));
        }
        int flag = nulls + (int) (count + 7) / 8;
        if (payload.writerIndex() <= flag) {
            return Optional.empty();
        }
        in.readerIndex(flag + 1);
        if (payload.getByte(flag) != 1) {
            return Optional.of(new NamedExecution(payload, (int) count, nulls, null, flag + 1));
        }
        return QueryAttributes.readTypes(in, (int) count)
                .map(types -> new NamedExecution(payload, (int) count, nulls, types, in.readerIndex()));
    }

    /** Of the statement's own parameters, as they are said without names; null when they are not said. */
    public byte @Nullable [] typesOf(int parameters) {
        if (types == null) {
            return null;
        }
        byte[] bytes = new byte[parameters * PreparedStatement.TYPE_BYTES];
        for (int i = 0; i < parameters; i++) {
            int type = types.get(i);
            bytes[2 * i] = (byte) type;
            bytes[2 * i + 1] = (byte) (type >> 8);
        }
        return bytes;
    }

    /**
     * Where the values of the statement's own parameters end, when attributes follow them; empty when that is behind what is
     * there of the payload, or cannot be told.
     */
    public Optional<Integer> valuesEnd(int parameters) {
        if (types == null) {
            return Optional.empty();
        }
        ByteBuf in = payload.duplicate().readerIndex(valuesIndex);
        return QueryAttributes.skipValues(in, types.subList(0, parameters), nullsIndex)
                ? Optional.of(in.readerIndex())
                : Optional.empty();
    }

    /** Writes all that comes before the values for a server that knows no attributes, and so gets none. */
    public void writePlain(ByteBuf out, int serverId, int parameters, byte @Nullable [] typesToSay) {
        writeFixed(out, serverId, payload.getByte(FLAGS_INDEX) & ~PARAMETER_COUNT_AVAILABLE);
        if (parameters == 0) {
            return;
        }
        int nullBytes = (parameters + 7) / 8;
        out.writeBytes(payload, nullsIndex, nullBytes);
        int lastBits = (parameters - 1) % 8 + 1;
        out.setByte(out.writerIndex() - 1, out.getByte(out.writerIndex() - 1) & (1 << lastBits) - 1);
        out.writeByte(typesToSay == null ? 0 : 1);
        if (typesToSay != null) {
            out.writeBytes(typesToSay);
        }
    }

    /** Writes all that comes before the values, with types that the client counts on and its server was not told. */
    public void writeWithTypes(ByteBuf out, int serverId, byte[] typesToSay) {
        writeFixed(out, serverId, payload.getByte(FLAGS_INDEX));
        int fixed = PreparedStatement.FIXED_BYTES;
        out.writeBytes(payload, fixed, valuesIndex - 1 - fixed);
        out.writeByte(1);
        for (int i = 0; i < typesToSay.length; i += PreparedStatement.TYPE_BYTES) {
            out.writeByte(typesToSay[i]).writeByte(typesToSay[i + 1]).writeByte(0);
        }
    }

    private void writeFixed(ByteBuf out, int serverId, int flags) {
        out.writeByte(CommandCode.STMT_EXECUTE)
                .writeIntLE(serverId)
                .writeByte(flags)
                .writeIntLE(1);
    }
}
