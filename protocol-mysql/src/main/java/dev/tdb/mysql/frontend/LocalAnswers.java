package dev.tdb.mysql.frontend;

import dev.tdb.mysql.codec.PendingCommand;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** What the proxy answers in a server's place: in its turn, behind the replies that are owed. */
final class LocalAnswers {
    /** ER_DBACCESS_DENIED_ERROR. */
    private static final int DATABASE_DENIED = 1044;
    /** ER_NO_SUCH_THREAD. */
    private static final int NO_SUCH_THREAD = 1094;
    /** ER_NOT_SUPPORTED_YET. */
    private static final int NOT_SUPPORTED = 1235;
    /** ER_UNKNOWN_STMT_HANDLER. */
    private static final int UNKNOWN_STATEMENT = 1243;

    private final SessionPort port;
    private final SessionMemory memory;

    LocalAnswers(SessionPort port, SessionMemory memory) {
        this.port = port;
        this.memory = memory;
    }

    static ErrPacket databaseDenied(String user, String database) {
        return new ErrPacket(
                DATABASE_DENIED,
                "42000",
                "Access denied for user '" + user + "'@'%' to database '" + database
                        + "': its password does not reach that");
    }

    static ErrPacket notSupported(String what) {
        return new ErrPacket(NOT_SUPPORTED, "42000", what + " is not supported");
    }

    static ErrPacket unknownStatement(int id) {
        return new ErrPacket(
                UNKNOWN_STATEMENT,
                "HY000",
                "Unknown prepared statement handler (" + Integer.toUnsignedString(id) + ")");
    }

    /** @param sequence of the answer's packet */
    static byte[] packet(ErrPacket error, int sequence) {
        ByteBuf out = Unpooled.buffer();
        Packets.write(out, sequence, error::encode);
        return ByteBufUtil.getBytes(out);
    }

    byte[] ok() {
        ByteBuf out = Unpooled.buffer();
        OkPacket ok = OkPacket.of(memory.ledger.sessionStatus());
        Packets.write(out, 1, payload -> ok.encode(payload, false));
        return ByteBufUtil.getBytes(out);
    }

    /** Ends another session, or what it waits for; answered when that session has heard of it. */
    void kill(long connectionId, boolean queryOnly, String text, long startedNanos) {
        PendingCommand command = new PendingCommand(PendingCommand.Kind.LOCAL, 0, text, startedNanos, 0, null, true);
        memory.ledger.sent(command);
        if (connectionId < 1 || connectionId > Integer.MAX_VALUE) {
            killed(command, connectionId, false);
        } else {
            port.interrupt(
                    (int) connectionId,
                    memory.killRight().secret(),
                    !queryOnly,
                    own -> killed(command, connectionId, own));
        }
    }

    private void killed(PendingCommand command, long connectionId, boolean own) {
        if (command.answer() != null) {
            return; // the client did not wait
        }
        command.answer(
                own ? ok() : packet(new ErrPacket(NO_SUCH_THREAD, "HY000", "Unknown thread id: " + connectionId), 1));
        if (command.equals(memory.ledger.oldest())) {
            memory.ledger.answered();
            sayAnswer(command);
        }
    }

    /** The client sends more behind a {@code KILL} that nobody has heard of yet: it is not kept waiting for that. */
    void hurry() {
        PendingCommand newest = memory.ledger.newest();
        if (newest != null && newest.kind() == PendingCommand.Kind.LOCAL && newest.answer() == null) {
            newest.answer(ok());
            if (newest.equals(memory.ledger.oldest())) {
                memory.ledger.answered();
                sayAnswer(newest);
            }
        }
    }

    /** An answer that is known: said now when nothing is owed before it. */
    void answer(byte[] packets, String text, long startedNanos) {
        PendingCommand command = new PendingCommand(PendingCommand.Kind.LOCAL, 0, text, startedNanos, 0, null, true);
        command.answer(packets);
        if (memory.ledger.isEmpty()) {
            sayAnswer(command);
        } else {
            memory.ledger.sent(command);
        }
    }

    private void sayAnswer(PendingCommand command) {
        byte[] answer = command.answer();
        if (answer != null) {
            port.toClient(Unpooled.wrappedBuffer(answer));
        }
    }
}
