package dev.tdb.postgres.backend;

/**
 * The question what a session has built up. It must mean the same whatever the session's search_path is, so every
 * function, relation, type and operator says its schema; and it runs on PostgreSQL 13 and later for any login.
 */
final class DescribeSql {
    /** Whatever the defaults of the session's transactions are, these last a moment and change nothing. */
    static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY NOT DEFERRABLE";

    static final String SHOW_TIMEOUT = "SHOW statement_timeout";
    static final String NO_TIMEOUT = "SET LOCAL statement_timeout = 0";
    static final String END = "COMMIT";

    /** One custom setting: its name is the parameter. */
    static final String CUSTOM = "SELECT 'c', $1, pg_catalog.current_setting($1, true), NULL";

    /**
     * Rows of four columns; the first says what the others are. The functions are those behind the views of like names,
     * since a fresh backend takes as long to read what a view is as to answer. Whatever is in a schema depends on it.
     */
    static final String STATE = """
        SELECT 's', name, setting, reset_val FROM pg_catalog.pg_show_all_settings()
          WHERE source OPERATOR(pg_catalog.=) 'session'
            AND name OPERATOR(pg_catalog.<>) ALL (ARRAY['transaction_isolation', 'transaction_read_only',
                'transaction_deferrable'])
        UNION ALL SELECT 'r', 'role', pg_catalog.current_setting('role'), NULL
        UNION ALL SELECT CASE WHEN from_sql THEN 'p' ELSE 'x' END, name,
                CASE WHEN from_sql AND pg_catalog.octet_length(statement) OPERATOR(pg_catalog.<=) 1048576
                THEN statement END, NULL
          FROM pg_catalog.pg_prepared_statement()
        UNION ALL SELECT 'l', channel, NULL, NULL FROM pg_catalog.pg_listening_channels() AS l (channel)
        UNION ALL (SELECT 'h', NULL, NULL, NULL FROM pg_catalog.pg_cursor() WHERE is_holdable LIMIT 1)
        UNION ALL (SELECT 'a', NULL, NULL, NULL FROM pg_catalog.pg_lock_status()
          WHERE locktype OPERATOR(pg_catalog.=) 'advisory'
            AND pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() LIMIT 1)
        UNION ALL (SELECT 't', NULL, NULL, NULL FROM pg_catalog.pg_depend
          WHERE pg_catalog.pg_my_temp_schema() OPERATOR(pg_catalog.<>) 0
            AND refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
            AND refobjid OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema() LIMIT 1)
        """;

    private DescribeSql() {}
}
