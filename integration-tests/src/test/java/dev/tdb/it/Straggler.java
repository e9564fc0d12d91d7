package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tdb.testkit.history.Op;
import dev.tdb.testkit.history.SessionLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A session that a flip finds in the way: in a transaction, or with state that cannot move. */
final class Straggler implements AutoCloseable {
    private final String terminated;
    private final Connection connection;
    private final SessionLog log;
    private final SessionLog.Pending pending;

    private Straggler(String terminated, Connection connection, SessionLog log, SessionLog.Pending pending) {
        this.terminated = terminated;
        this.connection = connection;
        this.log = log;
        this.pending = pending;
    }

    /** With one numbered row inserted, and not committed. */
    static Straggler inTransaction(Fleet fleet) throws SQLException {
        SessionLog log = fleet.recorder().session();
        Connection connection = fleet.endpoint().connectPatiently();
        connection.setAutoCommit(false);
        long number = Jobs.nextNumber();
        SessionLog.Pending pending = log.invoke(new Op.Insert(number));
        execute(connection, "INSERT INTO number (number, tag) VALUES (" + number + ", '" + pending.tag() + "')");
        return new Straggler(fleet.endpoint().terminated(), connection, log, pending);
    }

    /** At a safe point, with what {@code statements} have left on its server. */
    static Straggler with(Fleet fleet, String... statements) throws SQLException {
        SessionLog log = fleet.recorder().session();
        Connection connection = fleet.endpoint().connectPatiently();
        for (String statement : statements) {
            execute(connection, statement);
        }
        return new Straggler(
                fleet.endpoint().terminated(), connection, log, log.invoke(new Op.Read("whatever comes next")));
    }

    int session() {
        return log.session();
    }

    /** It is told of its end by one error, and can do nothing after it. */
    void expectTerminated() throws SQLException {
        Throwable thrown = catchThrowable(() -> execute(connection, "SELECT 1"));
        if (!(thrown instanceof SQLException error)) {
            throw new AssertionError("the straggler goes on");
        }
        pending.fail(String.valueOf(error.getSQLState()));
        assertThat(error.getSQLState()).as(error.getMessage()).isEqualTo(terminated);
        assertThat(catchThrowable(() -> execute(connection, "SELECT 1")))
                .as("the connection goes on")
                .isInstanceOf(SQLException.class);
        assertThat(connection.isClosed()).isTrue();
    }

    /** Nothing has happened to it: its transaction is committed. */
    void expectCommit() throws SQLException {
        execute(connection, "SELECT 1");
        connection.commit();
        pending.ok();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
