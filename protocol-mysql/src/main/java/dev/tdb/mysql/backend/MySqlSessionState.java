package dev.tdb.mysql.backend;

import dev.tdb.mysql.codec.PreparedStatement;
import dev.tdb.proxy.frontend.SessionState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a session has built up on its server.
 *
 * @param wasReset whether its settings are those of the server, and no more what the login made of them
 * @param schema that it uses; empty for the one it logged in to
 * @param variables system variables and their values, as the server said them
 * @param assignments of user variables: {@code @name = expression}
 * @param role as the server says it; empty for that of the login
 * @param lastInsertId 0 for none
 * @param characteristics of the next transaction only, as a statement; empty for none
 * @param multiStatements what COM_SET_OPTION last said: 1 for on, 0 for off, -1 for nothing
 * @param statements in the order they were prepared
 */
public record MySqlSessionState(
        boolean wasReset,
        String schema,
        Map<String, String> variables,
        List<String> assignments,
        String role,
        long lastInsertId,
        String characteristics,
        int multiStatements,
        List<PreparedStatement> statements)
        implements SessionState {
    public MySqlSessionState {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        assignments = List.copyOf(assignments);
        statements = List.copyOf(statements);
    }

    public static MySqlSessionState initial() {
        return new MySqlSessionState(false, "", Map.of(), List.of(), "", 0, "", -1, List.of());
    }

    MySqlSessionState with(List<String> newAssignments, String newRole, long newLastInsertId) {
        return new MySqlSessionState(
                wasReset,
                schema,
                variables,
                newAssignments,
                newRole,
                newLastInsertId,
                characteristics,
                multiStatements,
                statements);
    }

    /** Nobody is notified of anything in this protocol. */
    @Override
    public boolean subscribed() {
        return false;
    }
}
