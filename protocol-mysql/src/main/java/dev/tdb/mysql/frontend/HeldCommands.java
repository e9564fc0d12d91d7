package dev.tdb.mysql.frontend;

import dev.tdb.mysql.codec.QueryAttributes;
import dev.tdb.mysql.codec.SqlCommand;
import dev.tdb.mysql.message.CommandCode;
import dev.tdb.mysql.message.Packets;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** What is answered on hold, without a server: is the connection alive, end another session's command, goodbye. */
final class HeldCommands {
    private static final int CODE_INDEX = Packets.HEADER_BYTES;
    private static final int BODY_INDEX = Packets.HEADER_BYTES + 1;
    private static final int ID_BYTES = Integer.BYTES;

    private final SessionPort port;
    private final SessionStart start;
    private final SessionMemory memory;
    private final ClientTalk clientTalk;
    private final LocalAnswers answers;
    private final RefusedUnits refused;

    HeldCommands(
            SessionPort port,
            SessionStart start,
            SessionMemory memory,
            ClientTalk clientTalk,
            LocalAnswers answers,
            RefusedUnits refused) {
        this.port = port;
        this.start = start;
        this.memory = memory;
        this.clientTalk = clientTalk;
        this.answers = answers;
        this.refused = refused;
    }

    /** Consumes whole commands only, up to the first that needs a server or waits for another session. */
    void answer(ByteBuf in) {
        while (memory.ledger.isEmpty() && !clientTalk.isLeaving() && in.readableBytes() > Packets.HEADER_BYTES) {
            int begin = in.readerIndex();
            int length = in.getUnsignedMediumLE(begin);
            if (length == 0 || in.readableBytes() < Packets.HEADER_BYTES + length || !answered(in, begin, length)) {
                return;
            }
            in.skipBytes(Packets.HEADER_BYTES + length);
        }
    }

    private boolean answered(ByteBuf in, int begin, int length) {
        switch (in.getUnsignedByte(begin + CODE_INDEX)) {
            case CommandCode.QUIT -> clientTalk.leave();
            case CommandCode.PING -> port.toClient(Unpooled.wrappedBuffer(answers.ok()));
            case CommandCode.STMT_CLOSE -> {
                if (length > ID_BYTES) {
                    refused.close(in.getIntLE(begin + BODY_INDEX));
                }
            }
            case CommandCode.PROCESS_KILL -> {
                long id = length > ID_BYTES ? in.getUnsignedIntLE(begin + BODY_INDEX) : 0;
                answers.kill(id, false, "KILL " + id, System.nanoTime());
            }
            case CommandCode.QUERY -> {
                return isKill(in, begin, length);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean isKill(ByteBuf in, int begin, int length) {
        int attributes = start.saysAttributes() ? QueryAttributes.NONE_BYTES : 0;
        int textBytes = length - 1 - attributes;
        if (textBytes < 0
                || textBytes > SqlCommand.TEXT_BYTES_MAX
                || (attributes > 0 && !QueryAttributes.isNone(in, begin + BODY_INDEX))) {
            return false;
        }
        String text = in.toString(begin + BODY_INDEX + attributes, textBytes, StandardCharsets.UTF_8);
        if (SqlCommand.of(text) instanceof SqlCommand.Kill(long id, boolean queryOnly)) {
            answers.kill(id, queryOnly, text, System.nanoTime());
            return true;
        }
        return false;
    }
}
