package dev.tdb.control.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the databases of a server have in common, as one of them shows it. Everybody may read there which databases exist
 * and who is connected to them. Rights on these catalogs are kept in each database, so one database can take them away
 * from its own sessions and from nobody else's.
 *
 * <p>Names of roles stay visible, by {@code regrole} and a dozen functions that every driver needs: see {@link
 * PostgresRoles}.
 */
final class SharedCatalogs {
    /** Those that a release does not have are passed over. */
    private static final List<String> RELATIONS = List.of(
            "pg_database",
            "pg_db_role_setting",
            "pg_shdescription",
            "pg_shseclabel",
            "pg_replication_origin",
            "pg_prepared_xacts",
            "pg_replication_slots",
            "pg_stat_activity",
            "pg_stat_database",
            "pg_stat_database_conflicts",
            "pg_stat_gssapi",
            "pg_stat_replication",
            "pg_stat_replication_slots",
            "pg_stat_ssl");

    /** What the views above are made of, and what names any object by its number. */
    private static final List<String> FUNCTIONS = List.of(
            "pg_stat_get_activity",
            "pg_prepared_xact",
            "pg_get_replication_slots",
            "pg_describe_object",
            "pg_identify_object",
            "pg_identify_object_as_address");

    /** It names the database it will not measure; by name, one's own can still be measured. */
    private static final String SIZE_BY_NUMBER = "pg_database_size(oid)";

    private static final String FIND_RELATIONS = "SELECT c.oid::regclass::text FROM pg_class c"
            + " WHERE c.relnamespace = 'pg_catalog'::regnamespace"
            + " AND (c.relname = ANY (?) OR c.relname LIKE 'pg\\_stat\\_progress\\_%')";
    private static final String FIND_FUNCTIONS = "SELECT p.oid::regprocedure::text FROM pg_proc p"
            + " WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY (?)";

    private SharedCatalogs() {}

    /** @param connection of the administrator, to the database whose sessions shall not see the others */
    static void hide(Connection connection) throws SQLException {
        Sql.run(
                connection,
                "REVOKE SELECT ON " + found(connection, FIND_RELATIONS, RELATIONS) + " FROM PUBLIC",
                "REVOKE EXECUTE ON FUNCTION " + found(connection, FIND_FUNCTIONS, FUNCTIONS) + ", " + SIZE_BY_NUMBER
                        + " FROM PUBLIC");
    }

    private static String found(Connection connection, String sql, List<String> names) throws SQLException {
        Array array = connection.createArrayOf("text", names.toArray());
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, array);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return String.join(", ", found);
    }
}
