package dev.tdb.mysql.frontend;

import dev.tdb.mysql.codec.CommandLedger;
import dev.tdb.mysql.codec.PacketStream;
import dev.tdb.mysql.codec.PendingCommand;
import dev.tdb.mysql.codec.PendingCommand.Kind;
import dev.tdb.mysql.codec.PreparedStatement;
import dev.tdb.mysql.message.CommandCode;
import dev.tdb.mysql.message.EofPacket;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.LengthEncoded;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.mysql.message.SessionChange;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a server says to its client, as it is forwarded: replies strike commands off the ledger. The server always ends a
 * result with an OK packet and tells what changed in the session; a client that did not agree to either hears what it would
 * hear without us.
 *
 * <pre>
 *   REPLY ─ count ─► COLUMNS ─► ROWS ─ end ─► answered, or REPLY again where more results follow
 *         ─ OK, ERR ─► answered            PREPARED: definitions of parameters, then of columns
 * </pre>
 */
final class ServerTalk extends PacketStream {
    /** An OK packet with all that may have changed, an error with its sentence. */
    private static final int WHOLE_BYTES_MAX = 1 << 20;

    private static final int STATEMENT_ID_INDEX = 1;
    private static final int COLUMNS_INDEX = 5;
    private static final int PARAMETERS_INDEX = 7;
    private static final int PREPARED_BYTES = 9;
    /** Rolls the whole transaction back. */
    private static final int DEADLOCK = 1213;
    /** ER_SERVER_SHUTDOWN, MariaDB's ER_CONNECTION_KILLED, ER_CLIENT_INTERACTION_TIMEOUT. */
    private static final Set<Integer> LAST_WORDS = Set.of(1053, 1927, 4031);

    private enum Phase {
        REPLY,
        COLUMNS,
        ROWS,
        FIELDS,
        TEXT,
        PARAMETERS,
        PREPARED_COLUMNS
    }

    private final SessionPort port;
    private final SessionStart start;
    private final SessionMemory memory;
    private final CommandLedger ledger;
    private final QueryReporter reporter;

    private Phase phase = Phase.REPLY;
    private boolean begun;
    private int definitionsLeft;
    private int columnsToCome;
    /** By how much a client's sequence ids are ahead of the server's in this reply, for packets we put in. */
    private int shift;

    private int lastSequence;
    /** Columns were described, and a client of the old kind has not been told so yet: it may be told of a cursor, too. */
    private boolean columnsEndOwed;

    private boolean fatalPassed;
    private long rows;
    private long reportedBytes;

    ServerTalk(SessionPort port, SessionStart start, SessionMemory memory, QueryReporter reporter) {
        super(port.allocator());
        this.port = port;
        this.start = start;
        this.memory = memory;
        this.ledger = memory.ledger;
        this.reporter = reporter;
    }

    /** Whether the server itself has said a last word. */
    boolean isFatalPassed() {
        return fatalPassed;
    }

    /** By how much the client's ids are ahead, for what it says within the reply: the contents of a file. */
    int shift() {
        return shift;
    }

    /** The id of the next packet to the client, if a reply has begun; 0 otherwise. */
    int nextSequence() {
        return begun ? lastSequence + 1 & 0xff : 0;
    }

    int scan(ByteBuf bytes) {
        begin(bytes);
        answerDue();
        while (hasMore()) {
            if (isStreaming()) {
                if (pass()) {
                    passed();
                }
            } else if (!packet()) {
                break;
            }
        }
        return finish();
    }

    @Override
    protected void emit(ByteBuf bytes) {
        port.toClient(bytes);
    }

    @Override
    protected void onPart(ByteBuf bytes, int index, int count) {
        // Rows are the client's business.
    }

    @Override
    protected void onContinued(ByteBuf bytes, int index) {
        shiftSequence(bytes, index);
    }

    // ---- one packet

    /** @return false when not enough of it is there */
    private boolean packet() {
        if (!gather(Packets.HEADER_BYTES)) {
            return false;
        }
        int length = head().getUnsignedMediumLE(headIndex());
        if (length > 0 && !gather(Packets.HEADER_BYTES + 1)) {
            return false;
        }
        int first = length == 0 ? -1 : head().getUnsignedByte(headIndex() + Packets.HEADER_BYTES);
        PendingCommand command = ledger.oldest();
        if (command == null || command.kind() == Kind.LOCAL) {
            return unasked(first, length);
        }
        if (ledger.isFileOpen()) {
            return insteadOfFile(first, length);
        }
        if (!begun) {
            begun = true;
            phase = firstPhase(command.code());
        }
        if (!isWhole(first, length)) {
            streamOn(length, command);
            return true;
        }
        if (length > WHOLE_BYTES_MAX) {
            throw new ProtocolViolation("a packet of " + length + " bytes that begins with " + first);
        }
        if (!gather(Packets.HEADER_BYTES + length)) {
            return false;
        }
        onWhole(first, length, command);
        return true;
    }

    private static Phase firstPhase(int code) {
        return switch (code) {
            case CommandCode.STMT_FETCH -> Phase.ROWS;
            case CommandCode.FIELD_LIST -> Phase.FIELDS;
            case CommandCode.STATISTICS -> Phase.TEXT;
            default -> Phase.REPLY;
        };
    }

    /** Whether the packet must be looked at as a whole; all others are passed on as they come. */
    private boolean isWhole(int first, int length) {
        boolean ends = first == ErrPacket.FIRST || (first == OkPacket.END && length < Packets.PAYLOAD_BYTES_MAX);
        return switch (phase) {
            case REPLY -> first != LengthEncoded.NULL;
            case ROWS, FIELDS -> ends;
            case TEXT, COLUMNS, PARAMETERS, PREPARED_COLUMNS -> first == ErrPacket.FIRST;
        };
    }

    private void streamOn(int length, PendingCommand command) {
        boolean ours = command.kind() == Kind.OURS;
        if (phase == Phase.REPLY && !command.mayAskForFile()) {
            // The client would send any file of its own that the server names.
            throw new ProtocolViolation("a file was asked for by a statement that names none");
        }
        if (phase == Phase.ROWS) {
            rows++;
            endColumns(0);
        }
        shiftSequence(head(), headIndex() + 3);
        int gathered = length == 0 ? Packets.HEADER_BYTES : Packets.HEADER_BYTES + 1;
        if (ours) {
            dropHead(gathered);
        } else {
            passHead(gathered);
        }
        stream(length - (gathered - Packets.HEADER_BYTES), length == Packets.PAYLOAD_BYTES_MAX, ours);
        if (!isStreaming()) {
            passed();
        }
    }

    /** A packet that was passed on as it came is over. */
    private void passed() {
        switch (phase) {
            case REPLY -> ledger.file(true); // LOCAL INFILE: the client speaks next
            case COLUMNS -> {
                if (--definitionsLeft == 0) {
                    phase = Phase.ROWS;
                    columnsEndOwed = !start.isEofDeprecated();
                }
            }
            case PARAMETERS -> {
                if (--definitionsLeft == 0) {
                    columnsEndOwed = !start.isEofDeprecated();
                    endColumns(0);
                    preparedColumns();
                }
            }
            case PREPARED_COLUMNS -> {
                if (--definitionsLeft == 0) {
                    columnsEndOwed = !start.isEofDeprecated();
                    endColumns(0);
                    answered("", "");
                }
            }
            case TEXT -> answered("", "");
            case ROWS, FIELDS -> {
                // The next packet tells.
            }
        }
    }

    /** Says to a client of the old kind that no more columns are described. */
    private void endColumns(int status) {
        if (columnsEndOwed) {
            columnsEndOwed = false;
            int sequence = lastSequence + 1 & 0xff;
            shift++;
            insertPacket(sequence, new EofPacket(0, ledger.sessionStatus() | status)::encode);
        }
    }

    // ---- packets that tell something

    private void onWhole(int first, int length, PendingCommand command) {
        if (first == ErrPacket.FIRST) {
            failed(command, length);
        } else if (phase == Phase.REPLY && first == OkPacket.OK && command.code() == CommandCode.STMT_PREPARE) {
            prepared(command, length);
        } else if (phase != Phase.REPLY || first == OkPacket.OK || first == OkPacket.END) {
            done(command, first, length);
        } else {
            columns(command, length);
        }
    }

    private ByteBuf payload(int length) {
        return head().slice(headIndex() + Packets.HEADER_BYTES, length);
    }

    private void columns(PendingCommand command, int length) {
        long count = LengthEncoded.readLong(payload(length));
        if (count < 1 || count > 0xffff) {
            throw new ProtocolViolation("a result of " + count + " columns");
        }
        phase = Phase.COLUMNS;
        definitionsLeft = (int) count;
        rows = 0;
        passWhole(command, length);
    }

    private void prepared(PendingCommand command, int length) {
        if (length < PREPARED_BYTES) {
            throw new ProtocolViolation("a statement was prepared without saying which");
        }
        ByteBuf payload = payload(length);
        columnsToCome = payload.getUnsignedShortLE(COLUMNS_INDEX);
        int parameters = payload.getUnsignedShortLE(PARAMETERS_INDEX);
        PreparedStatement statement = command.statement();
        if (statement != null) {
            int id = memory.statements.stands(statement, payload.getIntLE(STATEMENT_ID_INDEX), parameters);
            payload.setIntLE(STATEMENT_ID_INDEX, id);
        }
        passWhole(command, length);
        definitionsLeft = parameters;
        if (parameters > 0) {
            phase = Phase.PARAMETERS;
        } else {
            preparedColumns();
        }
    }

    private void preparedColumns() {
        definitionsLeft = columnsToCome;
        phase = Phase.PREPARED_COLUMNS;
        if (definitionsLeft == 0) {
            answered("", "");
        }
    }

    private void done(PendingCommand command, int first, int length) {
        boolean isOldEnd = first == EofPacket.FIRST && length == EofPacket.PAYLOAD_BYTES;
        OkPacket ok = isOldEnd ? oldEnd(EofPacket.decode(payload(length))) : OkPacket.decode(payload(length));
        boolean inRows = phase == Phase.ROWS || phase == Phase.FIELDS;
        memory.apply(ok, command);
        cursor(command, ok.status(), inRows);
        if (command.kind() == Kind.OURS) {
            dropHead(Packets.HEADER_BYTES + length);
        } else {
            tell(ok, isOldEnd, command, length);
        }
        if (ServerStatus.has(ok.status(), ServerStatus.MORE_RESULTS_EXISTS)) {
            phase = Phase.REPLY;
        } else {
            rows = inRows ? rows : ok.affectedRows();
            if (command.code() == CommandCode.RESET_CONNECTION) {
                memory.reset(command.kind() == Kind.CLIENTS);
            }
            answered("", "");
        }
    }

    private static OkPacket oldEnd(EofPacket end) {
        return new OkPacket(OkPacket.END, 0, 0, end.status(), end.warnings(), "", List.of());
    }

    /** Passes the end of a command or a result on, in the form that the client agreed to. */
    private void tell(OkPacket ok, boolean isOldEnd, PendingCommand command, int length) {
        boolean asEof = ok.header() == OkPacket.END && !start.isEofDeprecated();
        if (asEof) {
            int status = ok.status() & ~ServerStatus.SESSION_STATE_CHANGED;
            boolean cursor = ServerStatus.has(status, ServerStatus.CURSOR_EXISTS) && columnsEndOwed;
            if (cursor) {
                columnsEndOwed = false; // one packet ends both
            }
            endColumns(0);
            replace(length, new EofPacket(ok.warnings(), status)::encode);
            return;
        }
        endColumns(0);
        boolean tracks = start.isTracking();
        boolean changed = ServerStatus.has(ok.status(), ServerStatus.SESSION_STATE_CHANGED);
        if (isOldEnd || !changed) {
            passWhole(command, length);
            return;
        }
        List<SessionChange> wanted = tracks ? memory.tracking.of(ok.changes()) : List.of();
        if (tracks && wanted.equals(ok.changes())) {
            passWhole(command, length);
        } else {
            replace(length, out -> ok.withChanges(wanted).encode(out, tracks));
        }
    }

    private void cursor(PendingCommand command, int status, boolean inRows) {
        PreparedStatement statement = command.statement();
        if (statement == null || command.code() == CommandCode.STMT_PREPARE) {
            return;
        }
        boolean opened = inRows && ServerStatus.has(status, ServerStatus.CURSOR_EXISTS);
        boolean exhausted = ServerStatus.has(status, ServerStatus.LAST_ROW_SENT);
        memory.statements.opened(statement, opened && !exhausted, false);
    }

    private void failed(PendingCommand command, int length) {
        ErrPacket error = ErrPacket.decode(payload(length));
        if (error.code() == DEADLOCK) {
            ledger.rolledBack();
        }
        memory.failed();
        PreparedStatement statement = command.statement();
        if (statement != null && command.code() != CommandCode.STMT_PREPARE) {
            memory.statements.opened(statement, false, false);
        }
        if (command.kind() == Kind.OURS) {
            dropHead(Packets.HEADER_BYTES + length);
            memory.trackingLost();
        } else {
            fatalPassed |= LAST_WORDS.contains(error.code());
            endColumns(0);
            passWhole(command, length);
        }
        answered(Integer.toString(error.code()), error.message());
    }

    /** Nothing was asked: a server says why it ends the connection, and nothing else. */
    private boolean unasked(int first, int length) {
        if (first != ErrPacket.FIRST || length > WHOLE_BYTES_MAX) {
            throw new ProtocolViolation("a packet that begins with " + first + " in reply to nothing");
        }
        if (!gather(Packets.HEADER_BYTES + length)) {
            return false;
        }
        fatalPassed = true;
        passHead(Packets.HEADER_BYTES + length);
        return true;
    }

    /**
     * A server reads a file to its end, whatever it finds in there; then it answers. One that ends the connection may say
     * so before: what the client sends stays the contents of its file, and is never taken for a command.
     */
    private boolean insteadOfFile(int first, int length) {
        boolean lastWord = first == ErrPacket.FIRST && length <= WHOLE_BYTES_MAX;
        if (lastWord && !gather(Packets.HEADER_BYTES + length)) {
            return false;
        }
        if (!lastWord || !LAST_WORDS.contains(ErrPacket.decode(payload(length)).code())) {
            throw new ProtocolViolation("a packet that begins with " + first + " before the end of a file");
        }
        fatalPassed = true;
        shiftSequence(head(), headIndex() + 3);
        passHead(Packets.HEADER_BYTES + length);
        return true;
    }

    // ---- what goes on

    private void passWhole(PendingCommand command, int length) {
        if (command.kind() == Kind.OURS) {
            dropHead(Packets.HEADER_BYTES + length);
            return;
        }
        shiftSequence(head(), headIndex() + 3);
        passHead(Packets.HEADER_BYTES + length);
    }

    private void replace(int length, Consumer<ByteBuf> payload) {
        int sequence = head().getUnsignedByte(headIndex() + 3) + shift;
        dropHead(Packets.HEADER_BYTES + length);
        insertPacket(sequence & 0xff, payload);
    }

    private void insertPacket(int sequence, Consumer<ByteBuf> payload) {
        ByteBuf out = allocator().buffer();
        Packets.write(out, sequence, payload);
        lastSequence = sequence;
        insert(out);
    }

    private void shiftSequence(ByteBuf bytes, int index) {
        lastSequence = bytes.getUnsignedByte(index) + shift & 0xff;
        if (shift != 0) {
            bytes.setByte(index, lastSequence);
        }
    }

    private void answered(String errorCode, String error) {
        PendingCommand command = ledger.oldest();
        ledger.answered();
        if (command != null && command.code() == CommandCode.STMT_PREPARE) {
            memory.preparedOrNot(command.statement());
        }
        begun = false;
        phase = Phase.REPLY;
        shift = 0;
        columnsEndOwed = false;
        if (command != null && command.kind() == Kind.CLIENTS) {
            reporter.report(command, errorCode.isEmpty() ? rows : -1, passedBytes() - reportedBytes, errorCode, error);
        }
        reportedBytes = passedBytes();
        rows = 0;
        answerDue();
    }

    /** The proxy's own answers, where it is their turn. */
    private void answerDue() {
        for (byte[] answer = dueAnswer(); answer != null; answer = dueAnswer()) {
            ledger.answered();
            insert(Unpooled.wrappedBuffer(answer));
        }
    }

    private byte @Nullable [] dueAnswer() {
        PendingCommand oldest = ledger.oldest();
        if (oldest == null || oldest.kind() != Kind.LOCAL) {
            return null;
        }
        if (memory.mustStay()) {
            oldest.answer(LocalAnswers.packet(LocalAnswers.notSupported("another database within a transaction"), 1));
        }
        return oldest.answer();
    }
}
