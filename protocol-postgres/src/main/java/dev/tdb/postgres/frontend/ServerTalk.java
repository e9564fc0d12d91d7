package dev.tdb.postgres.frontend;

import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.postgres.codec.BackendType;
import dev.tdb.postgres.codec.CommandTag;
import dev.tdb.postgres.codec.ErrorFields;
import dev.tdb.postgres.codec.FrontendType;
import dev.tdb.postgres.codec.MessageScanner;
import dev.tdb.postgres.codec.ParsedStatement;
import dev.tdb.postgres.codec.RequestLedger;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a server says to its client, as it is forwarded: replies strike requests off the ledger, and are reported. */
final class ServerTalk extends MessageScanner {
    private static final int PARAMETER_BYTES_MAX = 64 << 10;

    private final SessionMemory memory;
    private final RequestLedger ledger;
    private final QueryReporter reporter;
    private @Nullable PostgresLinkFacts link;
    private boolean fatalPassed;
    private boolean held;

    private long rowsSeen;
    private long rowsTagged = -1;
    private @Nullable ErrorFields error;
    private long reportedBytes;
    private String lastText = "";

    ServerTalk(SessionMemory memory, QueryReporter reporter) {
        super(Integer.MAX_VALUE - HEADER_BYTES);
        this.memory = memory;
        this.ledger = memory.ledger;
        this.reporter = reporter;
    }

    void linked(PostgresLinkFacts facts) {
        forgetHalf();
        link = facts;
        memory.clientEncoding(facts.parameters().get("client_encoding"));
    }

    /** Whether the server itself has said a last word. */
    boolean isFatalPassed() {
        return fatalPassed;
    }

    /** @param isHeld whether what comes is not said in reply, and errors do not reach the client */
    void held(boolean isHeld) {
        held = isHeld;
    }

    byte typeAtHand() {
        return presentType();
    }

    @Override
    protected boolean admits(byte type) {
        return true;
    }

    @Override
    protected int wantedBytes(byte type) {
        return switch (type) {
            case BackendType.COMMAND_COMPLETE -> CommandTag.BYTES_MAX;
            case BackendType.ERROR_RESPONSE -> ErrorFields.BYTES_MAX;
            case BackendType.PARAMETER_STATUS -> PARAMETER_BYTES_MAX;
            case BackendType.READY_FOR_QUERY -> 1;
            default -> 0;
        };
    }

    @Override
    protected void onPart(byte type, ByteBuf in, int index, int count) {
        // A split message is looked at when it is whole.
    }

    @Override
    protected void onMessage(byte type, ByteBuf body, int index, int bodyBytes, int atHandBytes) {
        switch (type) {
            case BackendType.DATA_ROW -> rowsSeen++;
            case BackendType.COMMAND_COMPLETE -> complete(body, index, atHandBytes);
            case BackendType.READY_FOR_QUERY -> ready(body, index, bodyBytes);
            case BackendType.BIND_COMPLETE -> answered(FrontendType.BIND);
            case BackendType.PARSE_COMPLETE -> parsed();
            case BackendType.CLOSE_COMPLETE -> closed();
            case BackendType.ROW_DESCRIPTION, BackendType.NO_DATA -> answered(FrontendType.DESCRIBE);
            case BackendType.EMPTY_QUERY_RESPONSE -> executed(-1);
            case BackendType.PORTAL_SUSPENDED -> executed(rowsSeen);
            case BackendType.ERROR_RESPONSE -> failed(ErrorFields.read(body, index, atHandBytes, memory.charset()));
            case BackendType.COPY_IN_RESPONSE, BackendType.COPY_BOTH_RESPONSE -> ledger.copyInBegan();
            case BackendType.PARAMETER_STATUS -> parameter(body, index, bodyBytes, atHandBytes);
            default -> {
                // Rows of a COPY, notices, notifications: nothing that ends a request.
            }
        }
    }

    private void answered(byte kind) {
        if (ledger.oldest() == kind) {
            ledger.answered();
        }
    }

    private void parsed() {
        if (ledger.oldest() == FrontendType.PARSE) {
            if (ledger.oldestSubject() instanceof ParsedStatement statement) {
                memory.statements.stands(statement);
            }
            ledger.answered();
        }
    }

    private void closed() {
        if (ledger.oldest() == FrontendType.CLOSE) {
            if (ledger.oldestSubject() instanceof ParsedStatement statement) {
                memory.statements.closed(statement);
            }
            ledger.answered();
        }
    }

    private void complete(ByteBuf body, int index, int length) {
        ledger.commandCompleted();
        if (length > 0 && body.getByte(index) == 'D') {
            deallocated(body, index, length);
        }
        executed(CommandTag.rows(body, index, length));
    }

    private void deallocated(ByteBuf body, int index, int length) {
        if (CommandTag.is("DISCARD ALL", body, index, length)) {
            memory.statements.allNamedGone();
            memory.customSettings.clear();
        } else if (CommandTag.is("DEALLOCATE ALL", body, index, length)) {
            memory.statements.allNamedGone();
        } else if (CommandTag.is("DEALLOCATE", body, index, length)) {
            memory.statements.gone(Deallocate.name(text(ledger.oldestSubject())));
        }
    }

    /** One statement came to its end; the reply to a Query may hold several. */
    private void executed(long rows) {
        if (ledger.oldest() == FrontendType.EXECUTE) {
            rowsTagged = rows;
            report();
            ledger.answered();
        } else if (rows >= 0) {
            rowsTagged = Math.max(0, rowsTagged) + rows;
        }
        rowsSeen = 0;
    }

    private void failed(ErrorFields fields) {
        if (fields.endsConnection()) {
            fatalPassed |= !held;
        }
        if (held) {
            return;
        }
        byte oldest = ledger.oldest();
        ledger.copyEnded();
        if (oldest == 0) {
            return;
        }
        error = fields;
        if (oldest != FrontendType.QUERY && oldest != FrontendType.FUNCTION_CALL && oldest != FrontendType.SYNC) {
            if (oldest == FrontendType.PARSE
                    && ledger.oldestSubject() instanceof ParsedStatement statement
                    && statement.isUnnamed()) {
                memory.statements.unnamedGone();
            }
            report();
            ledger.failed(memory);
        }
    }

    private void ready(ByteBuf body, int index, int length) {
        if (length != 1) {
            throw new ProtocolViolation("ReadyForQuery with a body of " + length + " bytes");
        }
        byte status = new ReadyForQuery(body.getByte(index)).status();
        if (ledger.readyArrived(status, memory)) {
            byte ended = ledger.oldest();
            if (ended == FrontendType.QUERY) {
                memory.statements.unnamedGone();
            }
            if (ended != FrontendType.SYNC || error != null) {
                report();
            }
            ledger.answered();
        }
        reportedBytes = scannedBytes();
        error = null;
        memory.transactionEnded();
    }

    /** The oldest request is over; an error at a Sync is that of what was executed last. */
    private void report() {
        String text = ledger.oldest() == FrontendType.SYNC ? lastText : text(ledger.oldestSubject());
        long bytes = scannedBytes() - reportedBytes;
        reporter.report(text, ledger.oldestStartedNanos(), ledger.oldestHeldNanos(), rowsTagged, bytes, error);
        lastText = text;
        rowsTagged = -1;
        rowsSeen = 0;
        error = null;
        reportedBytes = scannedBytes();
    }

    private static String text(@Nullable Object subject) {
        return switch (subject) {
            case String text -> text;
            case ParsedStatement statement -> statement.text();
            case null -> "";
            default -> throw new IllegalStateException("a request about " + subject.getClass());
        };
    }

    private void parameter(ByteBuf body, int index, int bodyBytes, int atHandBytes) {
        if (link != null && atHandBytes == bodyBytes) {
            ParameterStatus status = ParameterStatus.decode(body.slice(index, bodyBytes));
            link.parameterChanged(status.name(), status.value());
            if (status.name().toLowerCase(Locale.ROOT).equals("client_encoding")) {
                memory.clientEncoding(status.value());
            }
        }
    }
}
