package dev.tdb.postgres.frontend;

import dev.tdb.postgres.codec.FrontendType;
import dev.tdb.postgres.codec.MessageScanner;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/** Client messages at a safe point that no server need see: those that mean nothing, and those we can answer. */
final class MessagesAtRest {
    private static final int LENGTH_BYTES = 4;
    private static final byte EMPTY_QUERY_RESPONSE = 'I';
    private static final int REPLY_BYTES = 11;

    private final SessionPort port;
    private final SessionMemory memory;
    private final ClientTalk clientTalk;
    private final QueryReporter reporter;
    private int skipBytes;

    MessagesAtRest(SessionPort port, SessionMemory memory, ClientTalk clientTalk, QueryReporter reporter) {
        this.port = port;
        this.memory = memory;
        this.clientTalk = clientTalk;
        this.reporter = reporter;
    }

    /** Passes over what means nothing, also the rest of such a message that came in an earlier read. */
    void skip(ByteBuf in) {
        while (in.isReadable()) {
            if (skipBytes > 0) {
                int count = Math.min(skipBytes, in.readableBytes());
                in.skipBytes(count);
                skipBytes -= count;
            } else if (in.readableBytes() >= MessageScanner.HEADER_BYTES
                    && FrontendType.meansNothingAtRest(in.getByte(in.readerIndex()))) {
                skipBytes = bodyBytes(in);
                in.skipBytes(MessageScanner.HEADER_BYTES);
            } else {
                return;
            }
        }
    }

    /** Answers empty queries and lone Syncs, up to the first message that needs a server. */
    void answer(ByteBuf in) {
        skip(in);
        while (in.isReadable()) {
            byte type = in.getByte(in.readerIndex());
            if (type == FrontendType.TERMINATE) {
                clientTalk.leave();
                in.skipBytes(in.readableBytes());
                return;
            }
            if (in.readableBytes() < MessageScanner.HEADER_BYTES) {
                return;
            }
            int bodyBytes = bodyBytes(in);
            int bodyIndex = in.readerIndex() + MessageScanner.HEADER_BYTES;
            boolean whole = in.readableBytes() - MessageScanner.HEADER_BYTES >= bodyBytes;
            boolean query = type == FrontendType.QUERY && whole && isBlank(in, bodyIndex, bodyBytes);
            if (!query && !(type == FrontendType.SYNC && whole)) {
                return;
            }
            if (query) {
                memory.statements.unnamedGone();
                reporter.report(
                        ClientTalk.queryText(in, bodyIndex, bodyBytes, memory),
                        System.nanoTime(),
                        0,
                        -1,
                        REPLY_BYTES,
                        null);
            }
            reply(query);
            in.skipBytes(MessageScanner.HEADER_BYTES + bodyBytes);
            skip(in);
        }
    }

    private void reply(boolean toQuery) {
        ByteBuf out = port.allocator().buffer(REPLY_BYTES);
        if (toQuery) {
            out.writeByte(EMPTY_QUERY_RESPONSE).writeInt(LENGTH_BYTES);
        }
        new ReadyForQuery(ReadyForQuery.IDLE).encode(out);
        port.toClient(out);
    }

    private static int bodyBytes(ByteBuf in) {
        int length = in.getInt(in.readerIndex() + 1);
        if (length < LENGTH_BYTES) {
            throw new ProtocolViolation("a message of length " + length);
        }
        return length - LENGTH_BYTES;
    }

    private static boolean isBlank(ByteBuf in, int index, int count) {
        for (int i = index; i < index + count; i++) {
            byte b = in.getByte(i);
            boolean blank = b == ' ' || b == ';' || (b >= '\t' && b <= '\r') || (b == 0 && i == index + count - 1);
            if (!blank) {
                return false;
            }
        }
        return count > 0;
    }
}
