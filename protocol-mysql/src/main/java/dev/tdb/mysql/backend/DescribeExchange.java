package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.ColumnDefinition41;
import dev.tdb.mysql.message.Commands;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server, at a safe point, for what it does not say by itself: the values of user variables whose names a text
 * had, the role, LAST_INSERT_ID. As a rule there is nothing to ask, and nothing is sent. What is asked costs the session
 * its SHOW WARNINGS and FOUND_ROWS() of before.
 */
public final class DescribeExchange implements Exchange<Described> {
    private static final Logger log = LoggerFactory.getLogger(DescribeExchange.class);
    /** LAST_INSERT_ID and the role. */
    private static final int COLUMNS_OF_SESSION = 2;
    /** Three columns for each user variable. */
    private static final int COLUMNS_OF_VARIABLE = 3;

    /** Of all user variables together, as they will be written. */
    private static final int ASSIGNMENT_CHARS_MAX = 4 << 20;

    private static final int TYPE_DOUBLE = 5;
    private static final int TYPE_FLOAT = 4;
    private static final int TYPE_NEWDECIMAL = 246;
    private static final int TYPE_LONGLONG = 8;

    /**
     * What is to be asked.
     *
     * @param names of user variables
     * @param status whether a transaction may be open without a reply having said so
     */
    public record Questions(List<String> names, boolean role, boolean lastInsertId, boolean status) {
        public Questions {
            names = List.copyOf(names);
        }

        /** What any reply tells is asked by one that leaves the warnings as they are. */
        boolean isStatusOnly() {
            return names.isEmpty() && !role && !lastInsertId && status;
        }

        boolean isNone() {
            return names.isEmpty() && !role && !lastInsertId && !status;
        }
    }

    private final MySqlLinkFacts facts;
    private final MySqlSessionState known;
    private final Questions questions;
    private final Optional<UnmovableReason> reason;
    private final ReplyReader reader = new ReplyReader();

    /**
     * @param known what needs no question
     * @param reason why the session cannot move, if that is known; then nothing is asked
     */
    public DescribeExchange(
            MySqlLinkFacts facts, MySqlSessionState known, Questions questions, Optional<UnmovableReason> reason) {
        this.facts = facts;
        this.known = known;
        this.questions = questions;
        this.reason = reason;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        if (reason.isEmpty() && questions.isStatusOnly()) {
            Commands.ping(out);
        } else if (reason.isEmpty() && !questions.isNone()) {
            List<String> columns = new ArrayList<>();
            columns.add(questions.lastInsertId() ? "LAST_INSERT_ID()" : "0");
            columns.add(questions.role() ? "CURRENT_ROLE()" : "NULL");
            for (String name : questions.names()) {
                String variable = SqlText.variable(name);
                columns.add(variable);
                columns.add("HEX(" + variable + ")");
                columns.add("COLLATION(" + variable + ")");
            }
            Commands.query(out, "SELECT " + String.join(", ", columns), facts.takesAttributes());
        }
        return out;
    }

    @Override
    public Optional<Described> onBytes(ByteBuf in) {
        if (reason.isPresent()) {
            return Optional.of(new Described.Unmovable(reason.get().words()));
        }
        if (questions.isNone()) {
            return Optional.of(new Described.Movable(known));
        }
        return reader.read(in, false).map(this::described);
    }

    private Described described(ServerReply reply) {
        if (questions.isStatusOnly() && reply instanceof ServerReply.Done(OkPacket ok)) {
            return ServerStatus.has(ok.status(), ServerStatus.IN_TRANS)
                    ? new Described.Unmovable(UnmovableReason.OPEN_TRANSACTION.words())
                    : new Described.Movable(known);
        }
        int expected =
                COLUMNS_OF_SESSION + COLUMNS_OF_VARIABLE * questions.names().size();
        if (!(reply instanceof ServerReply.Rows answer)
                || answer.columns().size() != expected
                || answer.rows().size() != 1) {
            log.atWarn().addKeyValue("error", reply).log("a session could not be described");
            return new Described.Unmovable(UnmovableReason.DESCRIBE_FAILED.words());
        }
        if (ServerStatus.has(answer.status(), ServerStatus.IN_TRANS)) {
            return new Described.Unmovable(UnmovableReason.OPEN_TRANSACTION.words());
        }
        List<Optional<String>> row = answer.rows().getFirst();
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < questions.names().size(); i++) {
            int column = COLUMNS_OF_SESSION + i * COLUMNS_OF_VARIABLE;
            if (row.get(column).isPresent()) {
                assignments.add(SqlText.variable(questions.names().get(i)) + " = "
                        + expression(answer.columns().get(column), row, column));
            }
        }
        if (assignments.stream().mapToLong(String::length).sum() > ASSIGNMENT_CHARS_MAX) {
            return new Described.Unmovable(UnmovableReason.TOO_MANY_USER_VARIABLES.words());
        }
        return new Described.Movable(known.with(
                assignments, role(row.get(1).orElse("")), insertId(row.get(0).orElse("0"))));
    }

    private static long insertId(String said) {
        try {
            return Long.parseUnsignedLong(said);
        } catch (NumberFormatException _) {
            throw new ProtocolViolation("LAST_INSERT_ID() is no number");
        }
    }

    private static String role(String said) {
        return said.equals("NONE") ? "" : said;
    }

    /** Of the type and the collation that the variable has. */
    private static String expression(ColumnDefinition41 definition, List<Optional<String>> row, int column) {
        String text = row.get(column).orElseThrow();
        return switch (definition.type()) {
            case TYPE_LONGLONG, TYPE_NEWDECIMAL -> SqlText.number(text);
            case TYPE_DOUBLE, TYPE_FLOAT -> SqlText.number(text) + (text.contains("e") ? "" : "E0");
            default ->
                SqlText.string(
                        row.get(column + 1).orElse(""), row.get(column + 2).orElse("binary"));
        };
    }
}
