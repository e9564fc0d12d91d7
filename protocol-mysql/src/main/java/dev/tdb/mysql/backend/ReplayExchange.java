package dev.tdb.mysql.backend;

import dev.tdb.mysql.codec.PreparedStatement;
import dev.tdb.mysql.message.Commands;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a session's state up on a link that was just logged in or reset, in one write. The schema comes first, then
 * settings, by which texts mean what they meant; then what is prepared; what would change how our own statements are done
 * comes last.
 *
 * <p>When it fails the link is at a safe point, but with part of the state: it must be closed.
 */
public final class ReplayExchange implements Exchange<Optional<String>> {
    private static final Logger log = LoggerFactory.getLogger(ReplayExchange.class);
    private static final Set<String> LAST = Set.of(
            "autocommit",
            "transaction_isolation",
            "tx_isolation",
            "transaction_read_only",
            "tx_read_only",
            "completion_type",
            "sql_log_bin",
            "timestamp",
            "insert_id",
            "identity",
            "last_insert_id");
    /** They are ours to set, or follow from others. */
    private static final Set<String> LEFT_OUT = Set.of(
            "session_track_system_variables",
            "session_track_schema",
            "session_track_state_change",
            "session_track_transaction_info",
            "session_track_gtids",
            "pseudo_thread_id",
            "character_set_connection",
            "character_set_database",
            "collation_database",
            "warning_count",
            "error_count");

    private static final Pattern QUOTED_ROLES = Pattern.compile("(`[^`]*`@`[^`]*`,?)+");

    /** One reply that is owed, and what it would mean that it is an error. */
    private record Owed(UnmovableReason reason, Optional<PreparedStatement> prepares) {}

    private final MySqlSessionState state;
    private final MySqlLinkFacts facts;
    private final SessionPort port;
    private final List<Owed> owed = new ArrayList<>();
    private final ReplyReader reader = new ReplyReader();
    private int replied;
    private Optional<UnmovableReason> failure = Optional.empty();

    /** @param facts of the link that it is built up on */
    public ReplayExchange(MySqlSessionState state, MySqlLinkFacts facts, SessionPort port) {
        this.state = state;
        this.facts = facts;
        this.port = port;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        if (state.wasReset()) {
            Commands.resetConnection(out);
            owe(UnmovableReason.SETTING);
            ask(out, UnmovableReason.SETTING, SessionSettings.TRACK);
        }
        if (!state.schema().isEmpty()) {
            Commands.initDb(out, state.schema());
            owe(UnmovableReason.SCHEMA);
        }
        set(out, UnmovableReason.SETTING, settings(false));
        if (!state.role().isEmpty()) {
            ask(out, UnmovableReason.ROLE, "SET ROLE " + role(state.role()));
        }
        if (state.multiStatements() >= 0) {
            Commands.multiStatements(out, state.multiStatements() == 1);
            owe(UnmovableReason.SETTING);
        }
        for (PreparedStatement statement : state.statements()) {
            prepare(out, statement);
        }
        if (!state.assignments().isEmpty()) {
            ask(out, UnmovableReason.USER_VARIABLE, "SET " + String.join(", ", state.assignments()));
        }
        set(out, UnmovableReason.SETTING, settings(true));
        if (state.lastInsertId() != 0) {
            String id = Long.toUnsignedString(state.lastInsertId());
            ask(out, UnmovableReason.SETTING, "SET last_insert_id=" + id);
        }
        for (String statement : state.characteristics().split(";", -1)) {
            if (!statement.isBlank()) {
                ask(out, UnmovableReason.SETTING, statement.strip());
            }
        }
        return out;
    }

    private String settings(boolean last) {
        return state.variables().entrySet().stream()
                .filter(entry -> !LEFT_OUT.contains(entry.getKey()) && LAST.contains(entry.getKey()) == last)
                .map(ReplayExchange::setting)
                .collect(Collectors.joining(", "));
    }

    private static String setting(Map.Entry<String, String> entry) {
        // No conversion of results has no name.
        boolean none = entry.getKey().equals("character_set_results")
                && entry.getValue().isEmpty();
        return "SESSION " + entry.getKey() + "=" + (none ? "NULL" : SqlText.value(entry.getValue()));
    }

    /** MariaDB says a bare name, MySQL one or more that are quoted. */
    private static String role(String said) {
        return QUOTED_ROLES.matcher(said).matches() ? said : SqlText.identifier(said);
    }

    private void set(ByteBuf out, UnmovableReason reason, String assignments) {
        if (!assignments.isEmpty()) {
            ask(out, reason, "SET " + assignments);
        }
    }

    private void ask(ByteBuf out, UnmovableReason reason, String sql) {
        Commands.query(out, sql, facts.takesAttributes());
        owe(reason);
    }

    private void prepare(ByteBuf out, PreparedStatement statement) {
        byte[] text = statement.text();
        if (text == null) {
            throw new IllegalStateException("a statement without its text was called movable");
        }
        Commands.stmtPrepare(out, text);
        owed.add(new Owed(UnmovableReason.PREPARED_STATEMENT, Optional.of(statement)));
    }

    private void owe(UnmovableReason reason) {
        owed.add(new Owed(reason, Optional.empty()));
    }

    @Override
    public Optional<Optional<String>> onBytes(ByteBuf in) {
        while (replied < owed.size()) {
            Owed next = owed.get(replied);
            Optional<ServerReply> reply = reader.read(in, next.prepares.isPresent());
            if (reply.isEmpty()) {
                return Optional.empty();
            }
            replied++;
            switch (reply.get()) {
                case ServerReply.Failed(ErrPacket error) -> failed(next.reason, error);
                case ServerReply.Prepared(int id, int _) -> next.prepares.ifPresent(statement -> statement.movedTo(id));
                case ServerReply.Done _, ServerReply.Rows _ -> {
                    // As it should be.
                }
            }
        }
        return Optional.of(failure.map(UnmovableReason::words));
    }

    private void failed(UnmovableReason reason, ErrPacket error) {
        if (failure.isEmpty()) {
            failure = Optional.of(reason);
            log.atWarn()
                    .addKeyValue("conn", port.sessionNumber())
                    .addKeyValue("reason", reason.words())
                    .addKeyValue("code", error.code())
                    .addKeyValue("error", error.message())
                    .log("a session's state could not be built up on another server");
        }
    }
}
