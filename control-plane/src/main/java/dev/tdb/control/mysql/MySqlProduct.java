package dev.tdb.control.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/** What the two products of the family do in different ways. */
enum MySqlProduct {
    MARIADB {
        @Override
        String identified(String password) {
            return "IDENTIFIED BY " + Sql.text(password);
        }

        // It has no identifier that is kept and told: its name on the network stands for one.
        @Override
        String identifierQuery() {
            return "SELECT CONCAT(@@hostname, ':', @@port, '/', @@server_id)";
        }

        @Override
        String statementLimit(Duration limit) {
            return "max_statement_time = " + String.format(Locale.ROOT, "%.3f", limit.toMillis() / 1000.0);
        }

        @Override
        boolean readsGrantsLiterally(Connection connection) {
            return false;
        }
    },
    MYSQL {
        @Override
        String identified(String password) {
            return "IDENTIFIED WITH caching_sha2_password BY " + Sql.text(password);
        }

        @Override
        String identifierQuery() {
            return "SELECT @@server_uuid";
        }

        // Of SELECT only; what else takes longer is ended when nobody waits for its answer any more.
        @Override
        String statementLimit(Duration limit) {
            return "max_execution_time = " + limit.toMillis();
        }

        @Override
        boolean readsGrantsLiterally(Connection connection) throws SQLException {
            return Sql.one(connection, "SELECT @@partial_revokes").equals("1");
        }
    };

    /** The way to say a login's password. */
    abstract String identified(String password);

    /** Answers what a server calls itself. */
    abstract String identifierQuery();

    /** An assignment for SET SESSION: how long a statement may take. */
    abstract String statementLimit(Duration limit);

    /** Whether {@code _} in the name of a GRANT's database is no wildcard. */
    abstract boolean readsGrantsLiterally(Connection connection) throws SQLException;

    static MySqlProduct of(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT VERSION()").contains("MariaDB") ? MARIADB : MYSQL;
    }

    /** The name of a database as a GRANT must have it so that it is that one and no other. */
    String grantName(Connection connection, String database) throws SQLException {
        return readsGrantsLiterally(connection) ? database : database.replace("_", "\\_");
    }
}
