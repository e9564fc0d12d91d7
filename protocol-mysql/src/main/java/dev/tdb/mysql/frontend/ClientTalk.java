package dev.tdb.mysql.frontend;

import dev.tdb.mysql.backend.SessionSettings;
import dev.tdb.mysql.codec.NamedExecution;
import dev.tdb.mysql.codec.PacketStream;
import dev.tdb.mysql.codec.PendingCommand;
import dev.tdb.mysql.codec.PendingCommand.Kind;
import dev.tdb.mysql.codec.PreparedStatement;
import dev.tdb.mysql.codec.QueryAttributes;
import dev.tdb.mysql.codec.SqlCommand;
import dev.tdb.mysql.codec.StatementBook;
import dev.tdb.mysql.message.ComChangeUser;
import dev.tdb.mysql.message.CommandCode;
import dev.tdb.mysql.message.Commands;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says to its server, as it is forwarded: commands are entered in the ledger, ids of statements become the
 * server's, and what is not for a server to answer is answered here.
 */
final class ClientTalk extends PacketStream {
    /** As much of a long text as is logged. */
    private static final int PREFIX_BYTES = 1 + QueryReporter.TEXT_BYTES_MAX;
    /** Of a command that must be seen whole. */
    private static final int WHOLE_BYTES_MAX = 1 << 16;

    private static final int BODY_INDEX = Packets.HEADER_BYTES + 1;
    private static final int ID_INDEX = BODY_INDEX;
    private static final int ID_END = ID_INDEX + Integer.BYTES;
    private static final int NULLS_INDEX = Packets.HEADER_BYTES + PreparedStatement.FIXED_BYTES;
    /** Of attributes. */
    private static final int NOT_THERE_YET = -1;

    private static final int TOO_LONG = -2;
    private static final byte[] NO_TYPES = {};
    /** As much of an execution as is kept that cannot be read yet. */
    private static final int UNREAD_BYTES_MAX = 4096;

    private final SessionPort port;
    private final SessionStart start;
    private final SessionMemory memory;
    private final LocalAnswers answers;
    private final ChangeOfUser change;
    private boolean leaving;
    private long heldNanos;
    private boolean heldUsed;
    private long nowNanos;
    private int sequence;
    /** A text that comes in parts: what it is a command for; 0 when none does. */
    private int textCode;

    private long textBeganNanos;
    private String shown = "";
    private @Nullable ByteArrayOutputStream kept;
    private @Nullable ErrPacket refusal;

    ClientTalk(SessionPort port, SessionStart start, SessionMemory memory, LocalAnswers answers, ChangeOfUser change) {
        super(port.allocator());
        this.port = port;
        this.start = start;
        this.memory = memory;
        this.answers = answers;
        this.change = change;
    }

    int forward(ByteBuf bytes, boolean presentUnitOnly, int serverShift) {
        nowNanos = System.nanoTime();
        begin(bytes);
        boolean going = true;
        while (going && hasMore()) {
            if (isStreaming()) {
                if (pass()) {
                    commandEnds();
                }
            } else if (change.isUnderWay()) {
                going = change.readsPackets() && changePacket();
            } else if (memory.ledger.isFileOpen()) {
                going = filePacket(serverShift);
            } else if (!isMidMessage()
                    && (isLeaving() || memory.isDeparting() || (presentUnitOnly && !memory.belongsToPresentUnit()))) {
                going = false;
            } else {
                going = packet();
            }
        }
        if (heldUsed) {
            heldNanos = 0;
            heldUsed = false;
        }
        return finish();
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
        return leaving || change.isRefused();
    }

    void leave() {
        leaving = true;
    }

    /** The id of a reply to what was sent last. */
    int replySequence() {
        return sequence + 1 & 0xff;
    }

    @Override
    protected void emit(ByteBuf bytes) {
        port.toServer(bytes);
    }

    @Override
    protected void onPart(ByteBuf bytes, int index, int count) {
        if (textCode != 0) {
            memory.scan.part(bytes, index, count);
            keep(bytes, index, count);
        }
    }

    @Override
    protected void onContinued(ByteBuf bytes, int index) {
        sequence = bytes.getUnsignedByte(index);
    }

    // ---- the contents of a file

    private boolean filePacket(int serverShift) {
        if (!gather(Packets.HEADER_BYTES)) {
            return false;
        }
        int length = head().getUnsignedMediumLE(headIndex());
        int index = headIndex() + 3;
        sequence = head().getUnsignedByte(index);
        head().setByte(index, sequence - serverShift);
        passHead(Packets.HEADER_BYTES);
        if (length == 0) {
            memory.ledger.file(false);
        } else {
            stream(length, false, false);
        }
        return true;
    }

    // ---- one command

    /** @return false when not enough of it is there, or the client leaves */
    private boolean packet() {
        if (!gather(Packets.HEADER_BYTES)) {
            return false;
        }
        int length = head().getUnsignedMediumLE(headIndex());
        if (length == 0) {
            throw new ProtocolViolation("a command without a code");
        }
        if (!gather(Packets.HEADER_BYTES + 1)) {
            return false;
        }
        sequence = head().getUnsignedByte(headIndex() + 3);
        if (sequence != 0) {
            throw new ProtocolViolation("a command with sequence id " + sequence);
        }
        answers.hurry();
        int code = head().getUnsignedByte(headIndex() + Packets.HEADER_BYTES);
        return switch (code) {
            case CommandCode.QUIT -> quit(length);
            case CommandCode.QUERY -> query(length);
            case CommandCode.STMT_PREPARE -> text(code, length, 0);
            case CommandCode.STMT_EXECUTE -> execute(length);
            case CommandCode.STMT_FETCH,
                    CommandCode.STMT_RESET,
                    CommandCode.STMT_CLOSE,
                    CommandCode.STMT_SEND_LONG_DATA,
                    CommandCode.STMT_BULK_EXECUTE -> aboutStatement(code, length);
            case CommandCode.INIT_DB -> initDb(length);
            case CommandCode.PROCESS_KILL -> processKill(length);
            case CommandCode.SET_OPTION -> setOption(length);
            case CommandCode.RESET_CONNECTION -> resetConnection(length);
            case CommandCode.CHANGE_USER -> changeUser(length);
            case CommandCode.BINLOG_DUMP,
                    CommandCode.BINLOG_DUMP_GTID,
                    CommandCode.TABLE_DUMP,
                    CommandCode.CONNECT_OUT,
                    CommandCode.REGISTER_SLAVE -> refuse(length, LocalAnswers.notSupported("replication"));
            case CommandCode.SHUTDOWN, CommandCode.CLONE ->
                refuse(length, LocalAnswers.notSupported("command " + code));
            default -> {
                sent(code, "", null, true);
                yield streamOn(length, Packets.HEADER_BYTES + 1);
            }
        };
    }

    /** Of commands that are short by nature. @return false when not all of it is there */
    private boolean gatherWhole(int length) {
        if (length > WHOLE_BYTES_MAX) {
            throw new ProtocolViolation("a short command of " + length + " bytes");
        }
        return gather(Packets.HEADER_BYTES + length);
    }

    private boolean quit(int length) {
        leaving = true;
        if (memory.isAtRest()) {
            dropHead(Packets.HEADER_BYTES + 1);
            return false;
        }
        return streamOn(length, Packets.HEADER_BYTES + 1);
    }

    private boolean query(int length) {
        int attributes = attributesBytes(length);
        if (attributes == NOT_THERE_YET) {
            return false;
        }
        if (attributes == TOO_LONG || (isWithout(attributes) && length == Packets.PAYLOAD_BYTES_MAX)) {
            return refuse(length, LocalAnswers.notSupported("query attributes of that length"));
        }
        int textBytes = length - 1 - attributes;
        if (textBytes > SqlCommand.TEXT_BYTES_MAX) {
            return text(CommandCode.QUERY, length, attributes);
        }
        int whole = Packets.HEADER_BYTES + length;
        if (!gather(whole)) {
            return false;
        }
        ByteBuf head = head();
        int index = headIndex() + BODY_INDEX + attributes;
        String text = head.toString(index, textBytes, StandardCharsets.UTF_8);
        switch (SqlCommand.of(text)) {
            case SqlCommand.Use(String database) -> use(whole, database, text);
            case SqlCommand.Kill(long id, boolean queryOnly) -> {
                dropHead(whole);
                answers.kill(id, queryOnly, text, nowNanos);
            }
            case SqlCommand.KillOther _ -> {
                dropHead(whole);
                answer(LocalAnswers.notSupported("KILL by anything but a connection id"), text);
            }
            case SqlCommand.Any _ -> {
                boolean explains = memory.scan.scan(head, index, textBytes);
                sent(CommandCode.QUERY, text, null, explains);
                return textOn(length, whole, attributes);
            }
        }
        return true;
    }

    // ---- query attributes

    /** How many bytes of them are in front of a text; {@link #NOT_THERE_YET} or {@link #TOO_LONG}. */
    private int attributesBytes(int length) {
        if (!start.saysAttributes()) {
            return 0;
        }
        int few = Math.min(length, 1 + QueryAttributes.NONE_BYTES);
        if (!gather(Packets.HEADER_BYTES + few)) {
            return NOT_THERE_YET;
        }
        if (few > QueryAttributes.NONE_BYTES && QueryAttributes.isNone(head(), headIndex() + BODY_INDEX)) {
            return QueryAttributes.NONE_BYTES;
        }
        int body = Math.min(length - 1, QueryAttributes.BYTES_MAX);
        if (!gather(BODY_INDEX + body)) {
            return NOT_THERE_YET;
        }
        int bytes = QueryAttributes.read(head().slice(headIndex() + BODY_INDEX, body));
        if (bytes < 0 && body == length - 1) {
            throw new ProtocolViolation("query attributes that end early");
        }
        return bytes < 0 ? TOO_LONG : bytes;
    }

    /** Whether the server gets the text without them. */
    private boolean isWithout(int attributes) {
        return attributes > 0 && !memory.takesAttributes();
    }

    /** The gathered bytes of a text go on, with its attributes or without, and the rest of it as it comes. */
    private boolean textOn(int length, int gathered, int attributes) {
        if (!isWithout(attributes)) {
            return streamOn(length, gathered);
        }
        ByteBuf out = allocator().buffer(gathered - attributes);
        out.writeMediumLE(length - attributes).writeByte(0).writeByte(CommandCode.QUERY);
        out.writeBytes(head(), headIndex() + BODY_INDEX + attributes, gathered - BODY_INDEX - attributes);
        return replaceOn(length, gathered, out, false);
    }

    // ---- databases

    private boolean initDb(int length) {
        if (!gatherWhole(length)) {
            return false;
        }
        int whole = Packets.HEADER_BYTES + length;
        String database = head().toString(headIndex() + Packets.HEADER_BYTES + 1, length - 1, StandardCharsets.UTF_8);
        use(whole, database, "USE " + database);
        return true;
    }

    /** The present database has another name on its server, maybe; for others the session goes elsewhere, if it may. */
    private void use(int whole, String database, String text) {
        boolean own = isOwn(database);
        if (own || isSystem(database)) {
            sent(CommandCode.INIT_DB, text, null, true);
            dropHead(whole);
            ByteBuf out = allocator().buffer();
            Commands.initDb(out, own ? memory.database() : database);
            insert(out);
        } else {
            dropHead(whole);
            Optional<Place> other = memory.place().reach(database);
            if (other.isPresent()) {
                depart(other.get(), text);
            } else {
                answer(
                        LocalAnswers.databaseDenied(
                                memory.place().route().project().value(), database),
                        text);
            }
        }
    }

    private void depart(Place place, String text) {
        memory.departs(place, new PendingCommand(Kind.LOCAL, CommandCode.INIT_DB, text, nowNanos, 0, null, true));
        if (memory.mustStay()) {
            memory.ledger.answered();
            answer(LocalAnswers.notSupported("another database within a transaction"), text);
        }
    }

    /**
     * A session that began in no database is on the server of one all the same: within a transaction, which could go
     * nowhere, it need not for that one. So do dumps: login, START TRANSACTION, and only then the database.
     */
    private boolean isOwn(String database) {
        return (memory.place().isChosen() || memory.isUnitOpen())
                && (database.equals(memory.place().name()) || database.equals(memory.database()));
    }

    /** What the server guards by itself, and every client may ask. */
    private static boolean isSystem(String database) {
        return database.equalsIgnoreCase("information_schema") || database.equalsIgnoreCase("performance_schema");
    }

    // ---- other sessions

    private boolean processKill(int length) {
        if (!gatherWhole(length)) {
            return false;
        }
        int whole = Packets.HEADER_BYTES + length;
        long id = length < 5 ? 0 : head().getUnsignedIntLE(headIndex() + ID_INDEX);
        dropHead(whole);
        answers.kill(id, false, "KILL " + id, nowNanos);
        return true;
    }

    // ---- statements

    private boolean execute(int length) {
        if (start.saysAttributes()) {
            return executeNamed(length);
        }
        if (length < ID_END - Packets.HEADER_BYTES || !gather(ID_END)) {
            return aboutStatement(CommandCode.STMT_EXECUTE, length);
        }
        int id = head().getIntLE(headIndex() + ID_INDEX);
        if (isOfPending(id)) {
            return executePending(length);
        }
        Optional<PreparedStatement> statement = memory.statements.find(id);
        int parameters = statement.map(PreparedStatement::parameters).orElse(0);
        int flagIndex =
                NULLS_INDEX + statement.map(PreparedStatement::nullBytes).orElse(0);
        if (parameters == 0 || Packets.HEADER_BYTES + length <= flagIndex) {
            return aboutStatement(CommandCode.STMT_EXECUTE, length);
        }
        if (!gather(flagIndex + 1)) {
            return false;
        }
        boolean bound = head().getByte(headIndex() + flagIndex) == 1;
        int typesEnd = flagIndex + 1 + PreparedStatement.TYPE_BYTES * parameters;
        if (bound && Packets.HEADER_BYTES + length >= typesEnd) {
            if (!gather(typesEnd)) {
                return false;
            }
            byte[] types = ByteBufUtil.getBytes(
                    head(), headIndex() + flagIndex + 1, PreparedStatement.TYPE_BYTES * parameters);
            memory.statements.bound(statement.get(), types);
            return executeOn(length, statement.get(), typesEnd);
        }
        byte[] owed = statement.get().owedTypes();
        if (bound || owed == null) {
            return executeOn(length, statement.get(), flagIndex + 1);
        }
        return executeWithTypes(length, statement.get(), flagIndex, owed);
    }

    private boolean executeNamed(int length) {
        if (length < ID_END - Packets.HEADER_BYTES || !gather(ID_END)) {
            return aboutStatement(CommandCode.STMT_EXECUTE, length);
        }
        int id = head().getIntLE(headIndex() + ID_INDEX);
        Optional<PreparedStatement> found = isOfPending(id) ? Optional.empty() : memory.statements.find(id);
        if (found.isEmpty()) {
            return aboutStatement(CommandCode.STMT_EXECUTE, length);
        }
        PreparedStatement statement = found.get();
        int there = Math.min(length, QueryAttributes.BYTES_MAX);
        int gathered = Packets.HEADER_BYTES + there;
        if (!gather(gathered)) {
            return false;
        }
        Optional<NamedExecution> read =
                NamedExecution.read(head().slice(headIndex() + Packets.HEADER_BYTES, there), statement.parameters());
        if (read.isEmpty()) {
            return refuse(length, LocalAnswers.notSupported("an execution that begins at such length"));
        }
        NamedExecution execution = read.get();
        byte[] types = execution.typesOf(statement.parameters());
        if (types != null && types.length > 0) {
            memory.statements.bound(statement, types);
        }
        byte[] owed = types == null && statement.parameters() > 0 ? statement.owedTypes() : null;
        if (memory.takesAttributes() && owed == null) {
            return executeOn(length, statement, gathered);
        }
        return executeRewritten(length, gathered, statement, execution, owed);
    }

    /** With types that the client counts on, or without names and attributes for a server that knows none. */
    private boolean executeRewritten(
            int length, int gathered, PreparedStatement statement, NamedExecution execution, byte @Nullable [] owed) {
        int parameters = statement.parameters();
        boolean more = execution.count() > parameters;
        Optional<Integer> end =
                more && !statement.isLongDataSent() ? execution.valuesEnd(parameters) : Optional.empty();
        if (length == Packets.PAYLOAD_BYTES_MAX || (more && (end.isEmpty() || owed != null))) {
            return refuse(length, LocalAnswers.notSupported("such an execution with query attributes"));
        }
        ByteBuf out = allocator().buffer(gathered);
        out.writeMediumLE(0).writeByte(0);
        if (memory.takesAttributes()) {
            execution.writeWithTypes(out, statement.serverId(), owed == null ? NO_TYPES : owed);
        } else {
            byte[] own = execution.typesOf(parameters);
            execution.writePlain(out, statement.serverId(), parameters, own == null ? owed : own);
        }
        if (owed != null) {
            statement.typesSent();
        }
        int values = end.orElse(gathered - Packets.HEADER_BYTES) - execution.valuesIndex();
        out.writeBytes(head(), headIndex() + Packets.HEADER_BYTES + execution.valuesIndex(), values);
        int rest = more ? 0 : length - (gathered - Packets.HEADER_BYTES);
        int longer = out.readableBytes() - Packets.HEADER_BYTES + rest;
        if (longer >= Packets.PAYLOAD_BYTES_MAX) {
            out.release();
            return refuse(length, LocalAnswers.notSupported("an execution of that length without its types"));
        }
        out.setMediumLE(out.readerIndex(), longer);
        sent(CommandCode.STMT_EXECUTE, statement.shown(), statement, statement.explainsState());
        return replaceOn(length, gathered, out, more);
    }

    private boolean executePending(int length) {
        int gathered = Packets.HEADER_BYTES + Math.min(length, UNREAD_BYTES_MAX);
        if (!gather(gathered)) {
            return false;
        }
        PreparedStatement statement = memory.preparing();
        if (statement == null) {
            throw new IllegalStateException("no statement is being prepared");
        }
        statement.executedUnread(
                ByteBufUtil.getBytes(head(), headIndex() + Packets.HEADER_BYTES, gathered - Packets.HEADER_BYTES));
        sent(CommandCode.STMT_EXECUTE, statement.shown(), statement, statement.explainsState());
        return streamOn(length, gathered);
    }

    private boolean executeOn(int length, PreparedStatement statement, int gathered) {
        head().setIntLE(headIndex() + ID_INDEX, statement.serverId());
        sent(CommandCode.STMT_EXECUTE, statement.shown(), statement, statement.explainsState());
        return streamOn(length, gathered);
    }

    /** The session moved, and the client says its types only once: we say them again. */
    private boolean executeWithTypes(int length, PreparedStatement statement, int flagIndex, byte[] types) {
        int longer = length + types.length;
        if (longer >= Packets.PAYLOAD_BYTES_MAX) {
            return refuse(length, LocalAnswers.notSupported("an execution of that length without its types"));
        }
        ByteBuf out = allocator().buffer(flagIndex + 1 + types.length);
        out.writeMediumLE(longer).writeByte(0);
        out.writeBytes(head(), headIndex() + Packets.HEADER_BYTES, flagIndex - Packets.HEADER_BYTES);
        out.setIntLE(ID_INDEX, statement.serverId());
        out.writeByte(1).writeBytes(types);
        sent(CommandCode.STMT_EXECUTE, statement.shown(), statement, statement.explainsState());
        statement.typesSent();
        return replaceOn(length, flagIndex + 1, out, false);
    }

    /** Whether the id says "the last one", and that one's own id is not known yet. */
    private boolean isOfPending(int id) {
        return id == StatementBook.LAST_ID && memory.preparing() != null;
    }

    private boolean aboutStatement(int code, int length) {
        if (length < ID_END - Packets.HEADER_BYTES) {
            throw new ProtocolViolation("a command that does not say which statement it is about");
        }
        if (!gather(ID_END)) {
            return false;
        }
        int id = head().getIntLE(headIndex() + ID_INDEX);
        @Nullable PreparedStatement statement;
        if (isOfPending(id)) {
            statement = memory.preparing();
        } else {
            Optional<PreparedStatement> found = memory.statements.find(id);
            if (found.isEmpty()) {
                return unknownStatement(code, length, id);
            }
            statement = found.get();
            head().setIntLE(headIndex() + ID_INDEX, statement.serverId());
        }
        switch (code) {
            case CommandCode.STMT_CLOSE -> {
                owedFirst();
                if (statement != null) {
                    memory.statements.closed(statement);
                }
            }
            case CommandCode.STMT_SEND_LONG_DATA -> {
                owedFirst();
                if (statement != null) {
                    memory.statements.opened(statement, statement.isCursorOpen(), true);
                }
            }
            default -> {
                String text = statement == null || code == CommandCode.STMT_FETCH || code == CommandCode.STMT_RESET
                        ? ""
                        : statement.shown();
                sent(code, text, statement, statement != null && statement.explainsState());
            }
        }
        return streamOn(length, ID_END);
    }

    private boolean unknownStatement(int code, int length, int id) {
        boolean silent = code == CommandCode.STMT_CLOSE || code == CommandCode.STMT_SEND_LONG_DATA;
        if (!silent) {
            refusal = LocalAnswers.unknownStatement(id);
        }
        return dropOn(length, ID_END);
    }

    // ---- the session itself

    private boolean setOption(int length) {
        if (!gatherWhole(length)) {
            return false;
        }
        int whole = Packets.HEADER_BYTES + length;
        sent(CommandCode.SET_OPTION, "", null, true);
        if (length >= 3) {
            memory.multiStatements(head().getShortLE(headIndex() + ID_INDEX) == 0);
        }
        passHead(whole);
        return true;
    }

    private boolean resetConnection(int length) {
        if (!gatherWhole(length)) {
            return false;
        }
        int whole = Packets.HEADER_BYTES + length;
        sent(CommandCode.RESET_CONNECTION, "", null, true);
        passHead(whole);
        track();
        return true;
    }

    // ---- another login

    private boolean changeUser(int length) {
        if (!memory.ledger.isEmpty()) {
            return false; // it begins when all is answered that came before
        }
        if (!gatherWhole(length)) {
            return false;
        }
        int whole = Packets.HEADER_BYTES + length;
        ComChangeUser said = ComChangeUser.decode(head().slice(headIndex() + Packets.HEADER_BYTES, length));
        dropHead(whole);
        change.begin(said, sequence);
        return true;
    }

    private boolean changePacket() {
        if (!gather(Packets.HEADER_BYTES)) {
            return false;
        }
        int length = head().getUnsignedMediumLE(headIndex());
        if (!gatherWhole(length)) {
            return false;
        }
        int whole = Packets.HEADER_BYTES + length;
        sequence = head().getUnsignedByte(headIndex() + 3);
        change.onPacket(new WholePacket(sequence, head().slice(headIndex() + Packets.HEADER_BYTES, length)));
        dropHead(whole);
        return true;
    }

    private void track() {
        ByteBuf out = allocator().buffer();
        Commands.query(out, SessionSettings.TRACK, memory.takesAttributes());
        memory.ledger.sent(PendingCommand.ours(CommandCode.QUERY));
        insert(out);
    }

    /** What has to reach the server before anything else of the client's. */
    private void owedFirst() {
        for (int id : memory.takeOwedCloses()) {
            ByteBuf out = allocator().buffer();
            Commands.stmtClose(out, id);
            insert(out);
        }
        if (memory.takeTrackingOwed()) {
            track();
        }
    }

    private void sent(int code, String text, @Nullable PreparedStatement statement, boolean explains) {
        owedFirst();
        heldUsed = true;
        boolean file =
                code == CommandCode.QUERY ? memory.scan.namesFile() : statement != null && statement.mayAskForFile();
        memory.ledger.sent(new PendingCommand(Kind.CLIENTS, code, text, nowNanos, heldNanos, statement, explains)
                .allowFile(file && start.sendsFiles()));
        memory.commandSent();
    }

    // ---- texts that come in parts

    private boolean text(int code, int length, int attributes) {
        int prefix = Packets.HEADER_BYTES + Math.min(length, PREFIX_BYTES + attributes);
        if (!gather(prefix)) {
            return false;
        }
        owedFirst();
        int there = gathered(prefix); // more, where attributes were looked for
        int index = headIndex() + BODY_INDEX + attributes;
        int count = there - BODY_INDEX - attributes;
        textCode = code;
        textBeganNanos = nowNanos;
        shown = head().toString(index, Math.min(count, QueryReporter.TEXT_BYTES_MAX), StandardCharsets.UTF_8);
        kept = code == CommandCode.STMT_PREPARE ? new ByteArrayOutputStream(count) : null;
        memory.scan.part(head(), index, count);
        keep(head(), index, count);
        return textOn(length, there, attributes);
    }

    private void keep(ByteBuf bytes, int index, int count) {
        if (kept != null) {
            if (kept.size() + count > StatementBook.TEXT_BYTES_MAX) {
                kept = null;
            } else {
                kept.writeBytes(ByteBufUtil.getBytes(bytes, index, count));
            }
        }
    }

    // ---- going on

    /** The gathered bytes go on, and the rest of the command as it comes. */
    private boolean streamOn(int length, int gathered) {
        passHead(gathered);
        return restOn(length, gathered, false);
    }

    /** Something else goes on in the place of the gathered bytes of a command that is one packet. */
    private boolean replaceOn(int length, int gathered, ByteBuf instead, boolean dropsRest) {
        dropHead(gathered);
        insert(instead);
        return restOn(length, gathered, dropsRest);
    }

    private boolean dropOn(int length, int gathered) {
        dropHead(gathered);
        return restOn(length, gathered, true);
    }

    /** What is behind the gathered bytes of a command, which ends when all of it has come. */
    private boolean restOn(int length, int gathered, boolean drops) {
        stream(length - (gathered - Packets.HEADER_BYTES), length == Packets.PAYLOAD_BYTES_MAX, drops);
        if (!isStreaming()) {
            commandEnds();
        }
        return true;
    }

    /** Takes the command out, and answers with an error when all of it is there. */
    private boolean refuse(int length, ErrPacket error) {
        refusal = error;
        return dropOn(length, gathered(BODY_INDEX));
    }

    private void answer(ErrPacket error, String text) {
        answers.answer(LocalAnswers.packet(error, replySequence()), text, nowNanos);
    }

    private void commandEnds() {
        if (refusal != null) {
            answer(refusal, "");
            refusal = null;
        }
        if (textCode != 0) {
            boolean explains = memory.scan.end();
            PreparedStatement statement = textCode == CommandCode.STMT_PREPARE
                    ? new PreparedStatement(
                            shown, kept == null ? null : kept.toByteArray(), explains, memory.scan.namesFile())
                    : null;
            heldUsed = true;
            String logged = statement == null ? shown : "";
            memory.ledger.sent(
                    new PendingCommand(Kind.CLIENTS, textCode, logged, textBeganNanos, heldNanos, statement, explains)
                            .allowFile(statement == null && memory.scan.namesFile() && start.sendsFiles()));
            memory.commandSent();
            memory.preparing(statement);
            textCode = 0;
            kept = null;
        }
    }
}
