package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.secret.ScramKeys;
import dev.tdb.proxy.credential.Secret;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Undoes what logins have done to themselves. After {@code SET ROLE NONE} a session may change the password of its own
 * login and the settings it begins with, and PostgreSQL has no way to forbid it.
 *
 * <p>To check a password takes milliseconds, so a verifier that was found good once is remembered.
 */
final class PostgresLoginRepair {
    private static final int REMEMBERED_MAX = 100_000;
    private static final String UNDEFINED_OBJECT = "42704";
    private static final String LOOK = "SELECT a.rolname, coalesce(a.rolpassword, ''),"
            + " coalesce((SELECT string_agg(concat(d.datname, ' ', array_to_string(s.setconfig, ' ')), ', '"
            + " ORDER BY d.datname) FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase"
            + " WHERE s.setrole = a.oid), '') FROM pg_authid a WHERE a.rolname = ANY (?)";
    private static final String SET_ANYWHERE = "SELECT d.datname FROM pg_db_role_setting s"
            + " JOIN pg_database d ON d.oid = s.setdatabase JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = ?";

    private final PostgresConnector connector;
    private final Map<String, String> goodVerifiers = new ConcurrentHashMap<>();

    PostgresLoginRepair(PostgresConnector connector) {
        this.connector = connector;
    }

    /** A login as the server has it. */
    private record Found(String verifier, String settings) {}

    List<String> mend(AdminAccess admin, Map<String, List<TenantLogin>> byDatabase) throws SQLException {
        List<String> mended = new ArrayList<>();
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            Map<String, Found> found = look(connection, byDatabase);
            for (Map.Entry<String, List<TenantLogin>> entry : byDatabase.entrySet()) {
                String database = entry.getKey();
                for (TenantLogin login : entry.getValue()) {
                    Found now = found.get(login.login().user());
                    if (now != null && !isAsMade(now, database, login) && isPutBack(connection, database, login)) {
                        mended.add(login.login().user());
                    }
                }
            }
        }
        return mended;
    }

    private static Map<String, Found> look(Connection connection, Map<String, List<TenantLogin>> byDatabase)
            throws SQLException {
        Array users = connection.createArrayOf(
                "text",
                byDatabase.values().stream()
                        .flatMap(List::stream)
                        .map(login -> login.login().user())
                        .toArray());
        Map<String, Found> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setArray(1, users);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), new Found(rows.getString(2), rows.getString(3)));
                }
            }
        }
        return found;
    }

    private boolean isAsMade(Found found, String database, TenantLogin login) {
        return found.settings().equals(database + " role=" + roleOf(database, login))
                && isGood(found.verifier(), login.login().user(), login.login().password());
    }

    private boolean isGood(String verifier, String user, Secret password) {
        if (verifier.equals(goodVerifiers.get(user))) {
            return true;
        }
        boolean good = ScramKeys.isPostgresVerifier(verifier, password);
        if (good) {
            if (goodVerifiers.size() >= REMEMBERED_MAX) {
                goodVerifiers.clear();
            }
            goodVerifiers.put(user, verifier);
        }
        return good;
    }

    /** False when the login was dropped meanwhile. */
    private static boolean isPutBack(Connection connection, String database, TenantLogin login) throws SQLException {
        String user = Sql.name(login.login().user());
        try {
            Sql.run(connection, "ALTER ROLE " + user + " RESET ALL");
            for (String place :
                    Sql.column(connection, SET_ANYWHERE, login.login().user())) {
                Sql.run(connection, "ALTER ROLE " + user + " IN DATABASE " + Sql.name(place) + " RESET ALL");
            }
            Sql.run(
                    connection,
                    "ALTER ROLE " + user + " IN DATABASE " + Sql.name(database) + " SET role = "
                            + Sql.text(roleOf(database, login)),
                    "ALTER ROLE " + user + " PASSWORD "
                            + Sql.text(ScramKeys.postgresVerifier(login.login().password())));
            return true;
        } catch (SQLException e) {
            if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private static String roleOf(String database, TenantLogin login) {
        return PostgresRoles.of(database).of(login.role());
    }
}
