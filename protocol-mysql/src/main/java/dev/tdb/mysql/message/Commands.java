package dev.tdb.mysql.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The commands that the proxy says itself, each as a whole packet. What clients say is never decoded whole. */
public final class Commands {
    private Commands() {}

    /**
     * COM_QUERY.
     *
     * @param takesAttributes whether the server has agreed to query attributes; there are none
     */
    public static void query(ByteBuf out, String sql, boolean takesAttributes) {
        Packets.write(out, 0, payload -> {
            payload.writeByte(CommandCode.QUERY);
            if (takesAttributes) {
                payload.writeByte(0).writeByte(1);
            }
            payload.writeCharSequence(sql, StandardCharsets.UTF_8);
        });
    }

    /** COM_INIT_DB. */
    public static void initDb(ByteBuf out, String database) {
        Packets.write(out, 0, payload -> {
            payload.writeByte(CommandCode.INIT_DB);
            payload.writeCharSequence(database, StandardCharsets.UTF_8);
        });
    }

    public static void quit(ByteBuf out) {
        bare(out, CommandCode.QUIT);
    }

    public static void ping(ByteBuf out) {
        bare(out, CommandCode.PING);
    }

    public static void resetConnection(ByteBuf out) {
        bare(out, CommandCode.RESET_CONNECTION);
    }

    /** COM_SET_OPTION: whether a text may hold several statements. */
    public static void multiStatements(ByteBuf out, boolean on) {
        Packets.write(
                out, 0, payload -> payload.writeByte(CommandCode.SET_OPTION).writeShortLE(on ? 0 : 1));
    }

    /** COM_STMT_PREPARE. */
    public static void stmtPrepare(ByteBuf out, byte[] sql) {
        Packets.write(
                out, 0, payload -> payload.writeByte(CommandCode.STMT_PREPARE).writeBytes(sql));
    }

    /** COM_STMT_CLOSE. */
    public static void stmtClose(ByteBuf out, int statementId) {
        Packets.write(
                out, 0, payload -> payload.writeByte(CommandCode.STMT_CLOSE).writeIntLE(statementId));
    }

    private static void bare(ByteBuf out, int code) {
        Packets.write(out, 0, payload -> payload.writeByte(code));
    }
}
