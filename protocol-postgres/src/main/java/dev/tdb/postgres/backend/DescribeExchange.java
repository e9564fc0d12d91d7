package dev.tdb.postgres.backend;

import dev.tdb.postgres.backend.PostgresSessionState.Setting;
import dev.tdb.postgres.codec.BackendType;
import dev.tdb.postgres.codec.CustomSettings;
import dev.tdb.postgres.codec.ErrorFields;
import dev.tdb.postgres.codec.ParsedStatement;
import dev.tdb.postgres.codec.StatementBook;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server what a session has built up on it, at a safe point, and leaves the session as it was.
 *
 * <p>The question goes by the extended protocol, under a statement name of our own, because a simple Query would drop the
 * unnamed statement, which a client may still mean to bind. Two batches: the first asks within a transaction, the second
 * ends it, come what may. What the server cannot be asked: {@code currval}, {@code lastval}, and a custom setting made
 * by a function of the server whose name no text of the client ever had.
 */
public final class DescribeExchange implements Exchange<Described> {
    private static final Logger log = LoggerFactory.getLogger(DescribeExchange.class);

    /** No client has a reason to choose it. */
    private static final String OURS = "tdb:describe";

    /** A prepared statement's text may be as long as we keep one. */
    private static final int LENGTH_MAX = 8 << 20;

    private final SessionPort port;
    private final Consumer<ParameterStatus> changed;
    private final StatementBook book;
    private final CustomSettings custom;
    private final boolean authorized;

    private final DescribedRows rows = new DescribedRows();
    private Optional<ErrorFields> error = Optional.empty();
    private boolean asked;

    /**
     * @param changed told of parameters that changed, which the client was not told of
     * @param authorized whether the session still is who it logged in as
     */
    public DescribeExchange(
            SessionPort port,
            Consumer<ParameterStatus> changed,
            StatementBook book,
            CustomSettings custom,
            boolean authorized) {
        this.port = port;
        this.changed = changed;
        this.book = book;
        this.custom = custom;
        this.authorized = authorized;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        ExtendedRequest request = new ExtendedRequest(out);
        ask(request, DescribeSql.BEGIN);
        ask(request, DescribeSql.SHOW_TIMEOUT);
        ask(request, DescribeSql.NO_TIMEOUT);
        ask(request, DescribeSql.STATE);
        if (!custom.names().isEmpty()) {
            request.parse(OURS, DescribeSql.CUSTOM, 1);
            for (String name : custom.names()) {
                request.bind(OURS, List.of(name)).execute();
            }
        }
        request.sync();
        request.closeStatement(OURS);
        ask(request, DescribeSql.END);
        request.sync();
        return out;
    }

    private static void ask(ExtendedRequest request, String sql) {
        request.parse(OURS, sql, 0).bind(OURS, List.of()).execute().closeStatement(OURS);
    }

    @Override
    public Optional<Described> onBytes(ByteBuf in) {
        for (Optional<WholeMessage> message = WholeMessage.read(in, LENGTH_MAX);
                message.isPresent();
                message = WholeMessage.read(in, LENGTH_MAX)) {
            if (!onMessage(message.get().type(), message.get().body())) {
                return Optional.of(result());
            }
        }
        return Optional.empty();
    }

    /** @return false when it was the last of the answer */
    private boolean onMessage(byte type, ByteBuf body) {
        switch (type) {
            case BackendType.DATA_ROW -> rows.add(body);
            case BackendType.ERROR_RESPONSE ->
                failed(ErrorFields.read(body, 0, body.readableBytes(), StandardCharsets.UTF_8));
            case BackendType.READY_FOR_QUERY -> {
                boolean last = asked;
                asked = true;
                return !last;
            }
            case BackendType.PARAMETER_STATUS -> changed.accept(ParameterStatus.decode(body));
            case BackendType.NOTIFICATION_RESPONSE ->
                port.toClient(ExtendedRequest.message(type, body, port.allocator()));
            default -> {
                // Completions; and notices, which our own statements caused.
            }
        }
        return true;
    }

    private void failed(ErrorFields fields) {
        if (error.isEmpty()) {
            error = Optional.of(fields);
        }
    }

    private Described result() {
        if (error.isPresent()) {
            ErrorFields fields = error.get();
            log.atWarn()
                    .addKeyValue("conn", port.sessionNumber())
                    .addKeyValue("sqlstate", fields.sqlState())
                    .addKeyValue("error", fields.message())
                    .log("a session could not be described");
            return unmovable(UnmovableReason.DESCRIBE_FAILED);
        }
        Optional<UnmovableReason> reason = rows.unmovable();
        if (reason.isPresent()) {
            return unmovable(reason.get());
        }
        if (!authorized) {
            return unmovable(UnmovableReason.SESSION_AUTHORIZATION);
        }
        if (custom.isAnyUnknown()) {
            return unmovable(UnmovableReason.CUSTOM_SETTING_OF_UNKNOWN_NAME);
        }
        return withStatements();
    }

    private Described withStatements() {
        Set<String> names = rows.parsedNames();
        names.remove(OURS);
        book.onlyStanding(names);
        List<ParsedStatement> parsed = new ArrayList<>();
        for (String name : names) {
            ParsedStatement statement = book.standing(name);
            if (statement == null || statement.body() == null) {
                return unmovable(notKept(statement));
            }
            parsed.add(statement);
        }
        ParsedStatement unnamed = book.standingUnnamed();
        if (unnamed != null && unnamed.body() == null) {
            return unmovable(notKept(unnamed));
        }
        List<String> prepared = new ArrayList<>();
        for (Setting statement : rows.prepared()) {
            Optional<String> text = PrepareText.only(statement.value(), statement.name());
            if (text.isEmpty()) {
                return unmovable(UnmovableReason.PREPARED_STATEMENT);
            }
            prepared.add(text.get());
        }
        return new Described.Movable(new PostgresSessionState(
                rows.settings(),
                rows.customSettings(),
                rows.role(),
                prepared,
                parsed,
                Optional.ofNullable(unnamed),
                rows.channels()));
    }

    private UnmovableReason notKept(@Nullable ParsedStatement statement) {
        if (statement != null && statement.isLarge()) {
            return UnmovableReason.LARGE_STATEMENT;
        }
        return book.wasShortOfRoom()
                ? UnmovableReason.NO_ROOM_FOR_STATEMENTS
                : UnmovableReason.TOO_MANY_PREPARED_STATEMENTS;
    }

    private static Described unmovable(UnmovableReason reason) {
        return new Described.Unmovable(reason.words());
    }
}
