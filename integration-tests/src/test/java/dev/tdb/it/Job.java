package dev.tdb.it;

import dev.tdb.testkit.history.Op;
import dev.tdb.testkit.history.SessionLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;

/** What one session of a history does again and again. Used by the session's thread only. */
interface Job {
    /** Once, on the new connection. */
    default void begin(Connection connection) throws SQLException {}

    /** One turn: some operations, each recorded. An error of the database ends the session. */
    void turn(Connection connection, SessionLog log) throws SQLException;

    /** Whether it hears what other sessions say, so that it goes on until all of them have ended. */
    default boolean isListening() {
        return false;
    }

    /** Once, after the last turn. */
    default void end(Connection connection) throws SQLException {}

    /** Something that the database answers. */
    interface Call<T> {
        T call() throws SQLException;
    }

    /**
     * Records an operation that the call does, whole: an error on a connection that goes on is a refusal, and one that
     * ends the connection leaves open what happened.
     */
    static <T> T recorded(Connection connection, SessionLog log, Op op, Call<T> call) throws SQLException {
        return recorded(connection, log, _ -> op, call);
    }

    /** As above, for an operation that carries its own tag. */
    static <T> T recorded(
            Connection connection, SessionLog log, Function<dev.tdb.testkit.history.Tag, Op> op, Call<T> call)
            throws SQLException {
        SessionLog.Pending pending = log.invoke(op);
        try {
            T answer = call.call();
            pending.ok();
            return answer;
        } catch (SQLException e) {
            if (connection.isClosed()) {
                pending.info(String.valueOf(e.getSQLState()));
            } else {
                pending.fail(String.valueOf(e.getSQLState()));
            }
            throw e;
        }
    }
}
