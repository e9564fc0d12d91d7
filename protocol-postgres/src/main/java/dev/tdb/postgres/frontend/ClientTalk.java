package dev.tdb.postgres.frontend;

import dev.tdb.postgres.codec.FrontendType;
import dev.tdb.postgres.codec.MessageScanner;
import dev.tdb.postgres.codec.ParsedStatement;
import dev.tdb.postgres.codec.StatementBook;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a client says to its server, as it is forwarded: requests are entered in the ledger. */
final class ClientTalk extends MessageScanner {
    /** As long as a server takes: one byte less than a gigabyte. */
    private static final int BODY_BYTES_MAX = 0x3FFF_FFFF;

    private static final int NAMES_BYTES_MAX = 512;

    private final SessionMemory memory;
    private boolean presentUnitOnly;
    private boolean leaving;
    private long heldNanos;
    private boolean heldUsed;

    ClientTalk(SessionMemory memory) {
        super(BODY_BYTES_MAX);
        this.memory = memory;
    }

    int forward(ByteBuf in, boolean onlyPresentUnit) {
        presentUnitOnly = onlyPresentUnit;
        int count = scan(in, System.nanoTime());
        if (heldUsed) {
            heldNanos = 0;
            heldUsed = false;
        }
        return count;
    }

    void heldFor(long nanos) {
        heldNanos = nanos;
    }

    /** What {@link #heldFor} said, once. */
    long takeHeldNanos() {
        long nanos = heldNanos;
        heldNanos = 0;
        return nanos;
    }

    boolean isLeaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    @Override
    protected boolean admits(byte type) {
        if (leaving || (presentUnitOnly && !memory.ledger.belongsToPresentUnit())) {
            return false;
        }
        if (type == FrontendType.TERMINATE) {
            leaving = true;
            return !memory.ledger.isAtRest();
        }
        return true;
    }

    @Override
    protected int wantedBytes(byte type) {
        return switch (type) {
            case FrontendType.PARSE -> StatementBook.BODY_BYTES_MAX;
            case FrontendType.QUERY -> QueryReporter.TEXT_BYTES_MAX + 1;
            case FrontendType.BIND, FrontendType.CLOSE, FrontendType.DESCRIBE, FrontendType.EXECUTE -> NAMES_BYTES_MAX;
            case FrontendType.FUNCTION_CALL -> Integer.BYTES;
            default -> 0;
        };
    }

    @Override
    protected void onPart(byte type, ByteBuf in, int index, int count) {
        if (type == FrontendType.QUERY || type == FrontendType.PARSE) {
            memory.customSettings.scanPart(in, index, count);
        }
    }

    @Override
    protected void onMessage(byte type, ByteBuf body, int index, int bodyBytes, int atHandBytes) {
        switch (type) {
            case FrontendType.BIND -> bind(body, index, atHandBytes);
            case FrontendType.EXECUTE -> execute(body, index, atHandBytes);
            case FrontendType.SYNC -> memory.ledger.syncSent(beganNanos());
            case FrontendType.DESCRIBE -> describe(body, index, atHandBytes);
            case FrontendType.QUERY -> query(body, index, bodyBytes, atHandBytes);
            case FrontendType.PARSE -> parse(body, index, bodyBytes, atHandBytes);
            case FrontendType.CLOSE -> close(body, index, atHandBytes);
            case FrontendType.FUNCTION_CALL -> {
                String function = atHandBytes < Integer.BYTES ? "" : Integer.toUnsignedString(body.getInt(index));
                sent(type, "function call " + function);
            }
            case FrontendType.COPY_DONE, FrontendType.COPY_FAIL -> memory.ledger.copyEnd();
            default -> {
                // CopyData and Flush have no reply of their own; what is unknown is the server's to refuse.
            }
        }
    }

    private void query(ByteBuf body, int index, int bodyBytes, int atHandBytes) {
        endOfText(body, index, bodyBytes, atHandBytes);
        sent(FrontendType.QUERY, queryText(body, index, atHandBytes, memory));
    }

    /** The text of a Query whose body, or its prefix, is at hand. */
    static String queryText(ByteBuf body, int index, int atHandBytes, SessionMemory memory) {
        int length = Math.min(atHandBytes, QueryReporter.TEXT_BYTES_MAX);
        if (length > 0 && body.getByte(index + length - 1) == 0) {
            length--;
        }
        return TextScratch.text(body, index, length, memory.charset());
    }

    private void parse(ByteBuf body, int index, int bodyBytes, int atHandBytes) {
        endOfText(body, index, bodyBytes, atHandBytes);
        if (!memory.ledger.isServerSkipping()) {
            sent(
                    FrontendType.PARSE,
                    memory.statements.parseSent(body, index, bodyBytes, atHandBytes, memory.charset()));
        }
    }

    private void endOfText(ByteBuf body, int index, int bodyBytes, int atHandBytes) {
        if (wasSplit()) {
            memory.customSettings.endOfParts();
        } else {
            memory.customSettings.scan(body, index, Math.min(bodyBytes, atHandBytes));
        }
    }

    private void bind(ByteBuf body, int index, int atHandBytes) {
        int portalBytes = nameBytes(body, index, atHandBytes);
        int statementIndex = index + portalBytes + 1;
        ParsedStatement statement = null;
        if (portalBytes + 1 < atHandBytes) {
            int statementBytes = nameBytes(body, statementIndex, index + atHandBytes - statementIndex);
            statement = memory.statements.find(body, statementIndex, statementBytes);
        }
        if (sent(FrontendType.BIND, statement)) {
            memory.bound(name(body, index, portalBytes), statement);
        }
    }

    private void execute(ByteBuf body, int index, int atHandBytes) {
        sent(FrontendType.EXECUTE, memory.portal(name(body, index, nameBytes(body, index, atHandBytes))));
    }

    private void describe(ByteBuf body, int index, int atHandBytes) {
        ParsedStatement statement = null;
        if (atHandBytes > 1) {
            int nameBytes = nameBytes(body, index + 1, atHandBytes - 1);
            statement = body.getByte(index) == 'S'
                    ? memory.statements.find(body, index + 1, nameBytes)
                    : memory.portal(name(body, index + 1, nameBytes));
        }
        sent(FrontendType.DESCRIBE, statement);
    }

    private void close(ByteBuf body, int index, int atHandBytes) {
        if (memory.ledger.isServerSkipping()) {
            return;
        }
        ParsedStatement statement = null;
        if (atHandBytes > 1) {
            int nameBytes = nameBytes(body, index + 1, atHandBytes - 1);
            if (body.getByte(index) == 'S') {
                statement = memory.statements.closeSent(body, index + 1, nameBytes);
            } else {
                memory.bound(name(body, index + 1, nameBytes), null);
            }
        }
        sent(FrontendType.CLOSE, statement);
    }

    private boolean sent(byte kind, @Nullable Object subject) {
        heldUsed = true;
        return memory.ledger.sent(kind, subject, beganNanos(), heldNanos);
    }

    private static int nameBytes(ByteBuf body, int index, int length) {
        int zero = length <= 0 ? -1 : body.indexOf(index, index + length, (byte) 0);
        return zero < 0 ? Math.max(0, length) : zero - index;
    }

    private static String name(ByteBuf body, int index, int length) {
        return length == 0 ? "" : body.toString(index, length, StandardCharsets.ISO_8859_1);
    }
}
