package dev.tdb.control.mysql;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.TenantLogin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Undoes what logins have done to themselves: each may change its own password, and neither product has a way to forbid it.
 *
 * <p>Whether a stored password is ours is found out by logging in with it, once: what was found good is remembered.
 */
final class MySqlLoginRepair {
    private static final int REMEMBERED_MAX = 100_000;
    private static final int ACCESS_DENIED = 1045;
    private static final int NO_SUCH_USER = 1396;
    private static final String STORED =
            "SELECT CONCAT(plugin, ' ', authentication_string) FROM mysql.user WHERE User = ? AND Host = '%'";

    private final MySqlConnector connector;
    private final Map<String, String> good = new ConcurrentHashMap<>();

    MySqlLoginRepair(MySqlConnector connector) {
        this.connector = connector;
    }

    List<String> mend(AdminAccess admin, Map<String, List<TenantLogin>> byDatabase) throws SQLException {
        List<String> mended = new ArrayList<>();
        try (Connection connection = connector.admin(admin);
                PreparedStatement stored = connection.prepareStatement(STORED)) {
            for (Map.Entry<String, List<TenantLogin>> entry : byDatabase.entrySet()) {
                for (TenantLogin login : entry.getValue()) {
                    Optional<String> now = stored(stored, login.login().user());
                    if (now.isPresent()
                            && !isGood(admin, entry.getKey(), login, now.get())
                            && isPutBack(connection, login)) {
                        mended.add(login.login().user());
                    }
                }
            }
        }
        return mended;
    }

    private static Optional<String> stored(PreparedStatement statement, String user) throws SQLException {
        statement.setString(1, user);
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /** What keeps a login out for another reason than its password, such as a fence, is none of this. */
    private boolean isGood(AdminAccess admin, String database, TenantLogin login, String stored) {
        String user = login.login().user();
        if (stored.equals(good.get(user))) {
            return true;
        }
        try {
            connector
                    .tenant(admin.address(), admin.tls(), database, login.login())
                    .close();
        } catch (SQLException e) {
            return e.getErrorCode() != ACCESS_DENIED;
        }
        if (good.size() >= REMEMBERED_MAX) {
            good.clear();
        }
        good.put(user, stored);
        return true;
    }

    /** False when the login was dropped meanwhile. */
    private static boolean isPutBack(Connection connection, TenantLogin login) throws SQLException {
        try {
            Sql.run(
                    connection,
                    "ALTER USER " + Sql.account(login.login().user()) + " "
                            + MySqlProduct.of(connection)
                                    .identified(login.login().password().reveal()));
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_USER) {
                return false;
            }
            throw e;
        }
    }
}
