package dev.tdb.control.mysql;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.secret.Tokens;
import dev.tdb.proxy.credential.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes and removes tenant databases and their logins. What a role may do is granted to each of its logins, on this one
 * database; there is nothing else on the server that they may do.
 *
 * <p>A view, routine or trigger runs with the rights of the login that made it, and fails when that login is gone. So one
 * that has made some is not dropped with its epoch: it is locked, under a password nobody has, and goes with its database.
 */
final class MySqlProvisioning {
    /** Sessions that one login may have at once. */
    private static final int LOGIN_CONNECTIONS_MAX = 500;

    /** As {@link Tokens#backendUser} makes them. */
    private static final String OURS = "^t[a-z2-7]{16}$";

    private static final String READ = "SELECT, SHOW VIEW";
    private static final String WRITE =
            READ + ", INSERT, UPDATE, DELETE, EXECUTE, LOCK TABLES, CREATE TEMPORARY TABLES";

    /** Not EVENT: an event writes without a session, whatever fence stands. */
    private static final String ADMIN =
            WRITE + ", CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, TRIGGER";

    private static final String IS_DEFINER = "SELECT 1 FROM information_schema.VIEWS WHERE DEFINER = ?"
            + " UNION ALL SELECT 1 FROM information_schema.ROUTINES WHERE DEFINER = ?"
            + " UNION ALL SELECT 1 FROM information_schema.TRIGGERS WHERE DEFINER = ? LIMIT 1";

    private final MySqlConnector connector;

    MySqlProvisioning(MySqlConnector connector) {
        this.connector = connector;
    }

    void createDatabase(AdminAccess admin, String database) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            DatabaseClaim.take(connection, database);
            Sql.run(connection, "CREATE DATABASE IF NOT EXISTS " + Sql.name(database) + " CHARACTER SET utf8mb4");
        }
    }

    void createLogins(AdminAccess admin, String database, List<TenantLogin> logins) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            DatabaseClaim.take(connection, database);
            MySqlProduct product = MySqlProduct.of(connection);
            String place = Sql.name(product.grantName(connection, database)) + ".*";
            for (TenantLogin login : logins) {
                String account = Sql.account(login.login().user());
                String identified = product.identified(login.login().password().reveal());
                Sql.run(
                        connection,
                        "CREATE USER IF NOT EXISTS " + account + " " + identified,
                        "ALTER USER " + account + " " + identified + " WITH MAX_USER_CONNECTIONS "
                                + LOGIN_CONNECTIONS_MAX + " ACCOUNT UNLOCK",
                        "GRANT " + rights(login.role()) + " ON " + place + " TO " + account);
            }
        }
    }

    private static String rights(Role role) {
        return switch (role) {
            case READ -> READ;
            case WRITE -> WRITE;
            case ADMIN -> ADMIN;
        };
    }

    void dropLogins(AdminAccess admin, List<String> users) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            MySqlProduct product = MySqlProduct.of(connection);
            List<String> present = Sql.existing(connection, users);
            MySqlFence.lock(connection, present);
            MySqlFence.endSessions(connection, present);
            for (String user : present) {
                String definer = user + "@%";
                if (Sql.exists(connection, IS_DEFINER, definer, definer, definer)) {
                    forgetPassword(connection, product, user);
                } else {
                    drop(connection, user);
                }
            }
        }
    }

    private static void forgetPassword(Connection connection, MySqlProduct product, String user) throws SQLException {
        Sql.run(
                connection,
                "ALTER USER " + Sql.account(user) + " "
                        + product.identified(Tokens.backendPassword().reveal()));
    }

    private static void drop(Connection connection, String user) throws SQLException {
        Sql.run(connection, "DROP USER IF EXISTS " + Sql.account(user));
    }

    /** The logins of former epochs that were kept are found by their rights. */
    void dropDatabase(AdminAccess admin, String database, List<String> users) throws SQLException {
        try (Connection connection = connector.admin(admin)) {
            DatabaseClaim.take(connection, database);
            List<String> all = new ArrayList<>(users);
            all.addAll(Sql.column(
                    connection,
                    "SELECT User FROM mysql.db WHERE Db IN (?, ?) AND Host = '%' AND User REGEXP '" + OURS + "'",
                    database,
                    database.replace("_", "\\_")));
            List<String> present =
                    Sql.existing(connection, all.stream().distinct().toList());
            MySqlFence.lock(connection, present);
            MySqlFence.endSessions(connection, present);
            Sql.run(connection, "DROP DATABASE IF EXISTS " + Sql.name(database));
            for (String user : present) {
                drop(connection, user);
            }
        }
    }
}
