package dev.tdb.it;

import dev.tdb.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that a tenant could have changed outside its own database: of the server as a whole, and in a neighbour's. */
record ServerPicture(Map<String, String> parts) {
    private static final List<String> OF_THE_SERVER = List.of(
            "SELECT d::text FROM (SELECT datname, datdba, datistemplate, datallowconn, datconnlimit, dattablespace,"
                    + " datacl::text FROM pg_database) AS d ORDER BY datname",
            "SELECT a::text FROM pg_authid AS a ORDER BY rolname",
            "SELECT m::text FROM pg_auth_members AS m ORDER BY oid",
            "SELECT s::text FROM pg_db_role_setting AS s ORDER BY setdatabase, setrole",
            "SELECT t::text FROM pg_tablespace AS t ORDER BY spcname",
            "SELECT s::text FROM pg_subscription AS s ORDER BY subname",
            "SELECT slot_name FROM pg_replication_slots ORDER BY slot_name",
            "SELECT o::text FROM pg_replication_origin AS o ORDER BY roident",
            "SELECT gid FROM pg_prepared_xacts ORDER BY gid",
            "SELECT c::text FROM pg_shdescription AS c ORDER BY objoid",
            "SELECT name || '=' || setting FROM pg_settings WHERE source NOT IN ('session', 'client') ORDER BY name");
    private static final List<String> OF_A_DATABASE = List.of(
            "SELECT n::text FROM pg_namespace AS n ORDER BY nspname",
            "SELECT c.oid::regclass || ' ' || relowner || coalesce(relacl::text, '') FROM pg_class AS c"
                    + " WHERE c.oid >= 16384 AND relnamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT p::text FROM pg_proc AS p WHERE oid >= 16384 ORDER BY oid",
            "SELECT extname FROM pg_extension ORDER BY extname",
            "SELECT d::text FROM pg_default_acl AS d ORDER BY oid",
            "SELECT l::text FROM pg_largeobject_metadata AS l ORDER BY oid",
            "SELECT c::text FROM canary AS c ORDER BY secret");

    static ServerPicture of(PostgresServer server, String database) throws SQLException {
        Map<String, String> parts = new TreeMap<>();
        take(server, "postgres", OF_THE_SERVER, parts);
        take(server, database, OF_A_DATABASE, parts);
        return new ServerPicture(parts);
    }

    private static void take(PostgresServer server, String database, List<String> queries, Map<String, String> parts)
            throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            for (String query : queries) {
                StringBuilder text = new StringBuilder();
                try (ResultSet rows = statement.executeQuery(query)) {
                    while (rows.next()) {
                        text.append(rows.getString(1)).append('\n');
                    }
                }
                parts.put(query, text.toString());
            }
        }
    }
}
