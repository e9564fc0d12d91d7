package dev.tdb.mysql.frontend;

import dev.tdb.mysql.codec.PacketStream;
import dev.tdb.mysql.message.CommandCode;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Answers commands with a refusal, each once, as a server answers them with an error; what has no reply gets none. */
final class RefusedUnits extends PacketStream {
    /** Small commands have answers many times their size, and all sessions of a route may be refused in one moment. */
    private static final int ANSWER_BYTES_MAX = 256 << 10;

    private static final int ID_INDEX = Packets.HEADER_BYTES + 1;

    private final SessionPort port;
    private final SessionMemory memory;
    private final ClientTalk clientTalk;
    private ErrPacket error = new ErrPacket(0, "HY000", "");
    private boolean restOnly;
    private boolean silent;
    private int answerBytes;
    private int sequence;

    RefusedUnits(SessionPort port, SessionMemory memory, ClientTalk clientTalk) {
        super(port.allocator());
        this.port = port;
        this.memory = memory;
        this.clientTalk = clientTalk;
    }

    /** Consumes all of {@code bytes}. When so much waits that not all is answered, the client counts as leaving. */
    void refuse(ByteBuf bytes, Refusal refusal) {
        if (!isMidMessage()) {
            error = ErrPacket.of(refusal); // what was refused in part keeps the reason it began with
        }
        restOnly = false;
        answerBytes = 0;
        scan(bytes);
        error = ErrPacket.of(refusal);
        bytes.skipBytes(bytes.readableBytes());
    }

    /** Consumes what belongs to a unit that was refused in part, however the session goes on behind it. */
    void finish(ByteBuf bytes) {
        restOnly = true;
        scan(bytes);
    }

    boolean isSkipping() {
        return isMidMessage();
    }

    private void scan(ByteBuf bytes) {
        begin(bytes);
        boolean going = true;
        while (going && hasMore()) {
            if (isStreaming()) {
                if (pass()) {
                    commandEnds();
                }
            } else {
                going = (isMidMessage() || !restOnly) && !clientTalk.isLeaving() && command();
            }
        }
        finish();
    }

    private boolean command() {
        if (!gather(Packets.HEADER_BYTES + 1)) {
            return false;
        }
        int length = head().getUnsignedMediumLE(headIndex());
        if (length == 0) {
            throw new ProtocolViolation("a command without a code");
        }
        int code = head().getUnsignedByte(headIndex() + Packets.HEADER_BYTES);
        int gathered = Packets.HEADER_BYTES + 1;
        if (code == CommandCode.STMT_CLOSE && length >= ID_INDEX + Integer.BYTES - Packets.HEADER_BYTES) {
            gathered = ID_INDEX + Integer.BYTES;
            if (!gather(gathered)) {
                return false;
            }
            close(head().getIntLE(headIndex() + ID_INDEX));
        }
        if (code == CommandCode.QUIT) {
            clientTalk.leave();
        }
        silent = code == CommandCode.STMT_CLOSE || code == CommandCode.STMT_SEND_LONG_DATA || code == CommandCode.QUIT;
        sequence = head().getUnsignedByte(headIndex() + 3);
        dropHead(gathered);
        stream(length - (gathered - Packets.HEADER_BYTES), length == Packets.PAYLOAD_BYTES_MAX, true);
        if (!isStreaming()) {
            commandEnds();
        }
        return true;
    }

    /** A statement that nobody wants any more is not prepared elsewhere, and the server hears of it in time. */
    void close(int id) {
        memory.statements.find(id).ifPresent(statement -> {
            memory.statements.closed(statement);
            memory.oweClose(statement);
        });
    }

    private void commandEnds() {
        if (silent) {
            return;
        }
        byte[] answer = LocalAnswers.packet(error, sequence + 1 & 0xff);
        answerBytes += answer.length;
        port.toClient(Unpooled.wrappedBuffer(answer));
        if (answerBytes >= ANSWER_BYTES_MAX) {
            clientTalk.leave();
        }
    }

    @Override
    protected void emit(ByteBuf bytes) {
        bytes.release();
        throw new IllegalStateException("a refused command went on");
    }

    @Override
    protected void onPart(ByteBuf bytes, int index, int count) {
        // Nothing of it is kept.
    }

    @Override
    protected void onContinued(ByteBuf bytes, int index) {
        sequence = bytes.getUnsignedByte(index);
    }
}
