package dev.tdb.postgres.frontend;

import dev.tdb.postgres.codec.ErrorFields;
import dev.tdb.postgres.codec.FrontendType;
import dev.tdb.postgres.codec.MessageScanner;
import dev.tdb.postgres.codec.ParsedStatement;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Answers units with a refusal as a server answers them with an error: a Query with an ERROR and ReadyForQuery, a batch
 * of the extended protocol with one ERROR, silence up to its Sync, and ReadyForQuery then.
 */
final class RefusedUnits extends MessageScanner {
    private static final int BODY_BYTES_MAX = 0x3FFF_FFFF;

    /** Small units have answers many times their size, and all sessions of a route may be refused in one moment. */
    private static final int ANSWER_BYTES_MAX = 256 << 10;

    private final SessionPort port;
    private final SessionMemory memory;
    private final ClientTalk clientTalk;
    private final QueryReporter reporter;
    private ErrorResponse error = new ErrorResponse("ERROR", "XX000", "", "");
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private boolean skipping;
    private boolean restOnly;
    private long heldNanos;

    RefusedUnits(SessionPort port, SessionMemory memory, ClientTalk clientTalk, QueryReporter reporter) {
        super(BODY_BYTES_MAX);
        this.port = port;
        this.memory = memory;
        this.clientTalk = clientTalk;
        this.reporter = reporter;
    }

    /**
     * Consumes all of {@code in}.
     *
     * @return false when so many units waited that not all were answered: the connection is to end
     */
    boolean refuse(ByteBuf in, Refusal refusal) {
        error = ErrorResponse.of(refusal);
        heldNanos = clientTalk.takeHeldNanos();
        restOnly = false;
        pass(in);
        boolean all = !in.isReadable() || clientTalk.isLeaving();
        in.skipBytes(in.readableBytes());
        return all;
    }

    /** Consumes what belongs to a unit that was refused in part, however the session goes on behind it. */
    void finish(ByteBuf in) {
        heldNanos = 0;
        restOnly = true;
        pass(in);
    }

    private void pass(ByteBuf in) {
        out = port.allocator().buffer();
        try {
            in.skipBytes(scan(in, System.nanoTime()));
            if (out.isReadable()) {
                port.toClient(out);
                out = Unpooled.EMPTY_BUFFER;
            }
        } finally {
            out.release();
            out = Unpooled.EMPTY_BUFFER;
        }
    }

    boolean isSkipping() {
        return skipping || isMidMessage();
    }

    @Override
    protected boolean admits(byte type) {
        if (restOnly && !skipping) {
            return false;
        }
        if (type == FrontendType.TERMINATE) {
            clientTalk.leave();
        }
        return !clientTalk.isLeaving() && out.readableBytes() < ANSWER_BYTES_MAX;
    }

    @Override
    protected int wantedBytes(byte type) {
        return switch (type) {
            case FrontendType.QUERY, FrontendType.PARSE, FrontendType.BIND -> QueryReporter.TEXT_BYTES_MAX;
            default -> 0;
        };
    }

    @Override
    protected void onPart(byte type, ByteBuf in, int index, int count) {
        // Nothing of it is kept.
    }

    @Override
    protected void onMessage(byte type, ByteBuf body, int index, int bodyBytes, int atHandBytes) {
        if (type == FrontendType.SYNC) {
            skipping = false;
            ready();
        } else if (!skipping) {
            switch (type) {
                case FrontendType.QUERY -> {
                    say(ClientTalk.queryText(body, index, atHandBytes, memory));
                    ready();
                }
                case FrontendType.FUNCTION_CALL -> {
                    say("function call");
                    ready();
                }
                case FrontendType.PARSE -> sayAndSkip(textBehindName(body, index, atHandBytes));
                case FrontendType.BIND -> sayAndSkip(boundText(body, index, atHandBytes));
                case FrontendType.DESCRIBE, FrontendType.EXECUTE, FrontendType.CLOSE -> sayAndSkip("");
                default -> {
                    // CopyData and its like, and Flush, are passed over.
                }
            }
        }
    }

    private String textBehindName(ByteBuf body, int index, int length) {
        int nameEnd = body.indexOf(index, index + length, (byte) 0);
        if (nameEnd < 0) {
            return "";
        }
        int textEnd = body.indexOf(nameEnd + 1, index + length, (byte) 0);
        int textBytes = (textEnd < 0 ? index + length : textEnd) - nameEnd - 1;
        return TextScratch.text(body, nameEnd + 1, textBytes, memory.charset());
    }

    private String boundText(ByteBuf body, int index, int length) {
        int portalEnd = body.indexOf(index, index + length, (byte) 0);
        int nameEnd = portalEnd < 0 ? -1 : body.indexOf(portalEnd + 1, index + length, (byte) 0);
        ParsedStatement statement =
                nameEnd < 0 ? null : memory.statements.find(body, portalEnd + 1, nameEnd - portalEnd - 1);
        return statement == null ? "" : statement.text();
    }

    private void sayAndSkip(String text) {
        say(text);
        skipping = true;
    }

    private void say(String text) {
        int before = out.writerIndex();
        error.encode(out);
        reporter.report(
                text,
                beganNanos(),
                heldNanos,
                -1,
                out.writerIndex() - before,
                new ErrorFields(error.severity(), error.sqlState(), error.message()));
    }

    private void ready() {
        new ReadyForQuery(ReadyForQuery.IDLE).encode(out);
    }
}
