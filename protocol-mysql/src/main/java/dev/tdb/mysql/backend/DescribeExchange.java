package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.ColumnDefinition41;
import dev.tdb.mysql.message.Commands;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.Described;
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
     */
    public record Questions(List<String> names, boolean role, boolean lastInsertId) {
        public Questions {
            names = List.copyOf(names);
        }

        boolean isNone() {
            return names.isEmpty() && !role && !lastInsertId;
        }
    }

    private final MySqlSessionState known;
    private final Questions questions;
    private final Optional<UnmovableReason> reason;
    private final ReplyReader reader = new ReplyReader();

    /**
     * @param known what needs no question
     * @param reason why the session cannot move, if that is known; then nothing is asked
     */
    public DescribeExchange(MySqlSessionState known, Questions questions, Optional<UnmovableReason> reason) {
        this.known = known;
        this.questions = questions;
        this.reason = reason;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        if (reason.isEmpty() && !questions.isNone()) {
            List<String> columns = new ArrayList<>();
            columns.add(questions.lastInsertId() ? "LAST_INSERT_ID()" : "0");
            columns.add(questions.role() ? "CURRENT_ROLE()" : "NULL");
            for (String name : questions.names()) {
                String variable = SqlText.variable(name);
                columns.add(variable);
                columns.add("HEX(" + variable + ")");
                columns.add("COLLATION(" + variable + ")");
            }
            Commands.query(out, "SELECT " + String.join(", ", columns));
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
        if (!(reply instanceof ServerReply.Rows answer) || answer.rows().size() != 1) {
            log.atWarn().addKeyValue("error", reply).log("a session could not be described");
            return new Described.Unmovable(UnmovableReason.DESCRIBE_FAILED.words());
        }
        List<Optional<String>> row = answer.rows().getFirst();
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < questions.names().size(); i++) {
            int column = 2 + i * COLUMNS_OF_VARIABLE;
            if (row.get(column).isPresent()) {
                assignments.add(SqlText.variable(questions.names().get(i)) + " = "
                        + expression(answer.columns().get(column), row, column));
            }
        }
        if (assignments.stream().mapToLong(String::length).sum() > ASSIGNMENT_CHARS_MAX) {
            return new Described.Unmovable(UnmovableReason.TOO_MANY_USER_VARIABLES.words());
        }
        return new Described.Movable(known.with(
                assignments,
                role(row.get(1).orElse("")),
                Long.parseUnsignedLong(row.get(0).orElse("0"))));
    }

    private static String role(String said) {
        return said.equals("NONE") ? "" : said;
    }

    /** Of the type and the collation that the variable has. */
    private static String expression(ColumnDefinition41 definition, List<Optional<String>> row, int column) {
        String text = row.get(column).orElseThrow();
        return switch (definition.type()) {
            case TYPE_LONGLONG, TYPE_NEWDECIMAL -> text;
            case TYPE_DOUBLE, TYPE_FLOAT -> text.contains("e") ? text : text + "E0";
            default ->
                SqlText.string(
                        row.get(column + 1).orElse(""), row.get(column + 2).orElse("binary"));
        };
    }
}
