package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops roles, though others may hold on to them: any tenant of a server can grant rights on its own objects to the role
 * of another, which is then mentioned in the granting tenant's database and cannot be dropped before that is undone.
 *
 * <p>Whoever goes on granting, or keeps what was granted locked, cannot make an operation on another tenant fail: a role
 * that does not go is left, without the right to log in.
 */
final class RoleRemoval {
    private static final int ROUNDS_MAX = 3;
    private static final Logger log = LoggerFactory.getLogger(RoleRemoval.class);

    private static final String MENTIONING = "SELECT DISTINCT coalesce(d.datname, '"
            + PostgresConnector.MAINTENANCE_DATABASE + "') FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid"
            + " WHERE s.refclassid = 'pg_authid'::regclass"
            + " AND s.refobjid = (SELECT r.oid FROM pg_roles r WHERE r.rolname = ?)";

    private final PostgresConnector connector;

    RoleRemoval(PostgresConnector connector) {
        this.connector = connector;
    }

    /** @param connection of the administrator, to the maintenance database */
    void drop(AdminAccess admin, Connection connection, List<String> roles) throws SQLException {
        for (String role : roles) {
            Sql.run(connection, "ALTER ROLE " + Sql.name(role) + " NOLOGIN");
        }
        for (String role : roles) {
            try {
                forget(admin, connection, role);
                Sql.run(connection, "DROP ROLE IF EXISTS " + Sql.name(role));
            } catch (SQLException e) {
                if (isConnectionLost(e)) {
                    throw e;
                }
                log.atWarn()
                        .addKeyValue("server", admin.address())
                        .addKeyValue("role", role)
                        .addKeyValue("error", e.getMessage())
                        .log("a role without use could not be dropped; it cannot log in");
            }
        }
    }

    private void forget(AdminAccess admin, Connection connection, String role) throws SQLException {
        List<String> places = Sql.column(connection, MENTIONING, role);
        for (int round = 1; round <= ROUNDS_MAX && !places.isEmpty(); round++) {
            for (String database : places) {
                try (Connection inside = connector.admin(admin, database)) {
                    Sql.run(inside, "DROP OWNED BY " + Sql.name(role));
                }
            }
            places = Sql.column(connection, MENTIONING, role);
        }
    }

    private static boolean isConnectionLost(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith(PostgresConnector.UNABLE_TO_CONNECT_CLASS);
    }
}
