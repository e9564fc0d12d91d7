package dev.tdb.postgres.backend;

import dev.tdb.postgres.backend.PostgresSessionState.Setting;
import dev.tdb.postgres.codec.BackendType;
import dev.tdb.postgres.codec.ErrorFields;
import dev.tdb.postgres.codec.ParsedStatement;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a session's state up on a link that was just logged in or reset: one write, one batch, one transaction. The
 * encoding comes first, since all that follows is written in it; then settings and role, by which names mean what they
 * meant; then what is prepared; time-outs and transaction defaults last, so that they do not hit ourselves.
 *
 * <p>When it fails the link is at a safe point, but with part of the state: it must be closed.
 */
public final class ReplayExchange implements Exchange<Optional<String>> {
    private static final Logger log = LoggerFactory.getLogger(ReplayExchange.class);

    private static final String SET = "SELECT pg_catalog.set_config($1, $2, false)";
    private static final String SET_LOCAL = "SELECT pg_catalog.set_config($1, $2, true)";
    /** A role that stands already is left to the login it comes from. */
    private static final String SET_ROLE = """
        SELECT pg_catalog.set_config('role', $1, false)
          WHERE pg_catalog.current_setting('role') OPERATOR(pg_catalog.<>) $1
        """;

    /** Replies to what we ask are short; what the server says of itself is not long either. */
    private static final int LENGTH_MAX = 1 << 20;

    private static final String CLIENT_ENCODING = "client_encoding";
    private static final String STATEMENT_TIMEOUT = "statement_timeout";
    private static final Set<String> LAST = Set.of(
            STATEMENT_TIMEOUT,
            "lock_timeout",
            "transaction_timeout",
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            "default_transaction_deferrable",
            "default_transaction_isolation",
            "default_transaction_read_only");

    private final PostgresSessionState state;
    private final PostgresLinkFacts facts;
    private final SessionPort port;

    /** For each completion that is owed, in order, what it would mean that an error came instead. */
    private final List<UnmovableReason> owed = new ArrayList<>();

    private int completed;
    private Optional<UnmovableReason> failure = Optional.empty();
    private byte status;

    public ReplayExchange(PostgresSessionState state, PostgresLinkFacts facts, SessionPort port) {
        this.state = state;
        this.facts = facts;
        this.port = port;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        if (state.equals(PostgresSessionState.initial())) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf out = allocator.buffer();
        ExtendedRequest request = new ExtendedRequest(out);
        prepare(request, SET_LOCAL, 2);
        run(request, UnmovableReason.SETTING, List.of(STATEMENT_TIMEOUT, "0"));
        prepare(request, SET, 2);
        set(request, CLIENT_ENCODING::equals);
        set(request, name -> !name.equals(CLIENT_ENCODING) && !LAST.contains(name));
        for (Setting setting : state.customSettings()) {
            run(request, UnmovableReason.SETTING, List.of(setting.name(), setting.value()));
        }
        if (!state.role().isEmpty()) {
            prepare(request, SET_ROLE, 1);
            run(request, UnmovableReason.ROLE, List.of(state.role()));
        }
        for (String text : state.prepared()) {
            runText(request, UnmovableReason.PREPARED_STATEMENT, text);
        }
        for (ParsedStatement statement : state.parsed()) {
            parse(request, statement);
        }
        for (String channel : state.channels()) {
            runText(request, UnmovableReason.LISTEN, "LISTEN \"" + channel.replace("\"", "\"\"") + "\"");
        }
        if (state.settings().stream().anyMatch(setting -> LAST.contains(setting.name()))) {
            prepare(request, SET, 2);
            set(request, LAST::contains);
        }
        state.unnamed().ifPresentOrElse(statement -> parse(request, statement), () -> {
            request.closeStatement("");
            owe(UnmovableReason.PREPARED_STATEMENT, 1);
        });
        request.sync();
        return out;
    }

    private void set(ExtendedRequest request, Predicate<String> which) {
        for (Setting setting : state.settings()) {
            if (which.test(setting.name())) {
                run(request, UnmovableReason.SETTING, List.of(setting.name(), setting.value()));
            }
        }
    }

    private void prepare(ExtendedRequest request, String sql, int parameters) {
        request.parse("", sql, parameters);
        owe(UnmovableReason.SETTING, 1);
    }

    private void run(ExtendedRequest request, UnmovableReason reason, List<String> values) {
        request.bind("", values).execute();
        owe(reason, 2);
    }

    private void runText(ExtendedRequest request, UnmovableReason reason, String sql) {
        request.parse("", sql, 0).bind("", List.of()).execute();
        owe(reason, 3);
    }

    private void parse(ExtendedRequest request, ParsedStatement statement) {
        byte[] body = statement.body();
        if (body == null) {
            throw new IllegalStateException("a statement without its text was called movable");
        }
        request.parse(body);
        owe(UnmovableReason.PREPARED_STATEMENT, 1);
    }

    private void owe(UnmovableReason reason, int completions) {
        for (int i = 0; i < completions; i++) {
            owed.add(reason);
        }
    }

    @Override
    public Optional<Optional<String>> onBytes(ByteBuf in) {
        if (owed.isEmpty()) {
            return Optional.of(Optional.empty());
        }
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
            case BackendType.PARSE_COMPLETE,
                    BackendType.BIND_COMPLETE,
                    BackendType.CLOSE_COMPLETE,
                    BackendType.COMMAND_COMPLETE -> completed++;
            case BackendType.ERROR_RESPONSE ->
                failed(ErrorFields.read(body, 0, body.readableBytes(), StandardCharsets.UTF_8));
            case BackendType.READY_FOR_QUERY -> {
                status = body.isReadable() ? body.readByte() : 0;
                return false;
            }
            case BackendType.PARAMETER_STATUS -> {
                ParameterStatus changed = ParameterStatus.decode(body);
                facts.parameterChanged(changed.name(), changed.value());
            }
            case BackendType.NOTIFICATION_RESPONSE ->
                port.toClient(ExtendedRequest.message(type, body, port.allocator()));
            default -> {
                // Rows of set_config; and notices, which our own statements caused.
            }
        }
        return true;
    }

    private void failed(ErrorFields fields) {
        if (failure.isEmpty()) {
            failure = Optional.of(owed.get(Math.min(completed, owed.size() - 1)));
            log.atWarn()
                    .addKeyValue("conn", port.sessionNumber())
                    .addKeyValue("reason", failure.get().words())
                    .addKeyValue("sqlstate", fields.sqlState())
                    .addKeyValue("error", fields.message())
                    .log("a session's state could not be built up on another server");
        }
    }

    private Optional<String> result() {
        if (failure.isEmpty() && (status != 'I' || completed != owed.size())) {
            return Optional.of(UnmovableReason.PREPARED_STATEMENT.words());
        }
        return failure.map(UnmovableReason::words);
    }
}
