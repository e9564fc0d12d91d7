package dev.tdb.control.postgres;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.secret.ScramKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes and removes tenant databases, their roles and logins.
 *
 * <p>The owner role owns what is made in the database; {@code write} and {@code read} get their rights on every object
 * that the owner makes from default privileges. The database itself is the administrator's: its owner could let others
 * in, lift its limits, keep it from being dropped, and give defaults to the administrator's own sessions. PUBLIC can
 * neither connect nor create. A login belongs to exactly one of the three roles and becomes it when it logs in to this
 * database, so that {@code current_user} and ownership are the same whatever login an epoch uses.
 */
final class PostgresProvisioning {
    /** Sessions that one login may have at once. */
    private static final int LOGIN_CONNECTIONS_MAX = 500;

    private static final String NO_POWERS = " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";

    /** Everybody may call them otherwise, {@code read} too. */
    private static final String MAKING_LARGE_OBJECTS = "lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea)";

    private final PostgresConnector connector;
    private final RoleRemoval removal;

    PostgresProvisioning(PostgresConnector connector) {
        this.connector = connector;
        this.removal = new RoleRemoval(connector);
    }

    void createDatabase(AdminAccess admin, String database) throws SQLException {
        PostgresRoles roles = PostgresRoles.of(database);
        String name = Sql.name(database);
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            DatabaseClaim.take(connection, database);
            for (String role : roles.all()) {
                if (!Sql.roleExists(connection, role)) {
                    Sql.run(connection, "CREATE ROLE " + Sql.name(role) + " NOLOGIN" + NO_POWERS);
                }
            }
            if (!Sql.databaseExists(connection, database)) {
                // Nobody but administrators gets in before PUBLIC has lost its right to.
                Sql.run(
                        connection,
                        "CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' CONNECTION LIMIT 0");
            }
            Sql.run(
                    connection,
                    "REVOKE ALL ON DATABASE " + name + " FROM PUBLIC",
                    "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE " + name + " TO " + Sql.name(roles.owner()),
                    "GRANT CONNECT, TEMPORARY ON DATABASE " + name + " TO " + Sql.name(roles.write()),
                    "GRANT CONNECT ON DATABASE " + name + " TO " + Sql.name(roles.read()),
                    "ALTER DATABASE " + name + " CONNECTION LIMIT -1");
        }
        grantInside(admin, database, roles);
    }

    private void grantInside(AdminAccess admin, String database, PostgresRoles roles) throws SQLException {
        String owner = Sql.name(roles.owner());
        String write = Sql.name(roles.write());
        String read = Sql.name(roles.read());
        String byDefault = "ALTER DEFAULT PRIVILEGES FOR ROLE " + owner + " GRANT ";
        try (Connection connection = connector.admin(admin, database)) {
            connection.setAutoCommit(false);
            SharedCatalogs.hide(connection);
            Sql.run(
                    connection,
                    "REVOKE EXECUTE ON FUNCTION " + MAKING_LARGE_OBJECTS + " FROM PUBLIC",
                    "GRANT EXECUTE ON FUNCTION " + MAKING_LARGE_OBJECTS + " TO " + owner + ", " + write,
                    "ALTER SCHEMA public OWNER TO " + owner,
                    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                    "GRANT USAGE ON SCHEMA public TO " + write + ", " + read,
                    byDefault + "USAGE ON SCHEMAS TO " + write + ", " + read,
                    byDefault + "SELECT ON TABLES TO " + read,
                    byDefault + "SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO " + write,
                    byDefault + "SELECT ON SEQUENCES TO " + read,
                    byDefault + "SELECT, UPDATE, USAGE ON SEQUENCES TO " + write);
            PostgresVersions.prepare(connection, roles);
            connection.commit();
        }
    }

    void createLogins(AdminAccess admin, String database, List<TenantLogin> logins) throws SQLException {
        PostgresRoles roles = PostgresRoles.of(database);
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            DatabaseClaim.take(connection, database);
            connection.setAutoCommit(false);
            for (TenantLogin login : logins) {
                String user = Sql.name(login.login().user());
                String role = Sql.name(roles.of(login.role()));
                String verb = Sql.roleExists(connection, login.login().user()) ? "ALTER" : "CREATE";
                Sql.run(
                        connection,
                        verb + " ROLE " + user + " LOGIN INHERIT" + NO_POWERS + " CONNECTION LIMIT "
                                + LOGIN_CONNECTIONS_MAX + " PASSWORD "
                                + Sql.text(
                                        ScramKeys.postgresVerifier(login.login().password())),
                        "GRANT " + role + " TO " + user,
                        "ALTER ROLE " + user + " IN DATABASE " + Sql.name(database) + " SET role = "
                                + Sql.text(roles.of(login.role())));
            }
            connection.commit();
        }
    }

    void dropLogins(AdminAccess admin, String database, List<String> users) throws SQLException {
        List<String> present;
        boolean databaseExists;
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            present = Sql.existing(connection, users);
            databaseExists = Sql.databaseExists(connection, database);
        }
        if (databaseExists && !present.isEmpty()) {
            disown(admin, database, present);
        }
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            PostgresFence.endSessions(connection, database, users);
            removal.drop(admin, connection, present);
        }
    }

    /** What a login has made under its own name, after RESET of its role, becomes the owner's. */
    private void disown(AdminAccess admin, String database, List<String> users) throws SQLException {
        String owner = Sql.name(PostgresRoles.of(database).owner());
        try (Connection connection = connector.admin(admin, database)) {
            connection.setAutoCommit(false);
            for (String user : users) {
                Sql.run(
                        connection,
                        "ALTER ROLE " + Sql.name(user) + " NOLOGIN",
                        "REASSIGN OWNED BY " + Sql.name(user) + " TO " + owner,
                        "DROP OWNED BY " + Sql.name(user));
            }
            connection.commit();
        }
    }

    void dropDatabase(AdminAccess admin, String database, List<String> users) throws SQLException {
        try (Connection connection = connector.admin(admin, PostgresConnector.MAINTENANCE_DATABASE)) {
            DatabaseClaim.take(connection, database);
            rollBackPrepared(admin, connection, database);
            Sql.run(connection, "DROP DATABASE IF EXISTS " + Sql.name(database) + " WITH (FORCE)");
            List<String> roles = new ArrayList<>(users);
            roles.addAll(PostgresRoles.of(database).all());
            removal.drop(admin, connection, Sql.existing(connection, roles));
        }
    }

    /** A transaction that was prepared and never ended belongs to no session, and keeps its database from being dropped. */
    private void rollBackPrepared(AdminAccess admin, Connection connection, String database) throws SQLException {
        List<String> prepared =
                Sql.column(connection, "SELECT quote_literal(gid) FROM pg_prepared_xacts WHERE database = ?", database);
        if (prepared.isEmpty()) {
            return;
        }
        try (Connection inside = connector.admin(admin, database)) {
            for (String id : prepared) {
                Sql.run(inside, "ROLLBACK PREPARED " + id);
            }
        }
    }
}
