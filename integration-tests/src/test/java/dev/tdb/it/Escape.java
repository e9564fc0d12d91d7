package dev.tdb.it;

import java.util.List;
import java.util.Map;

/**
 * What an intruder sends, and the SQLSTATE it must be answered with. In the texts {@code {…}} stands for something of the
 * server: {@code {db}} and {@code {me}} are the intruder's own database and login, {@code {theirs}} is a neighbour's
 * database with its {@code {owner}} and {@code {login}}, {@code {pid}} one of its sessions, {@code {root}} the superuser.
 *
 * @param state of the error, or of the warning when nothing was done without an error
 */
record Escape(String state, String sql) {
    /** Whatever role the intruder has. */
    private static final String ANYBODY = """
        42501 CREATE ROLE intruder
        42501 CREATE ROLE intruder SUPERUSER LOGIN
        42501 CREATE DATABASE intruder
        42501 CREATE DATABASE intruder TEMPLATE {theirs}
        42501 DROP DATABASE {theirs}
        42501 ALTER DATABASE {theirs} RENAME TO intruder
        42501 ALTER DATABASE {theirs} CONNECTION LIMIT 0
        42501 ALTER DATABASE {theirs} SET search_path = 'intruder'
        42501 ALTER DATABASE {db} CONNECTION LIMIT 100000
        42501 ALTER DATABASE {db} ALLOW_CONNECTIONS true
        42501 ALTER DATABASE {db} IS_TEMPLATE true
        42501 ALTER DATABASE {db} OWNER TO CURRENT_USER
        42501 ALTER DATABASE {db} SET role = '{owner}'
        42501 ALTER DATABASE {db} SET search_path = 'intruder'
        01007 GRANT CONNECT ON DATABASE {db} TO PUBLIC
        01007 GRANT ALL ON DATABASE {db} TO {owner}
        42501 GRANT CONNECT ON DATABASE {theirs} TO {me}
        42501 COMMENT ON DATABASE {db} IS 'mine'
        42501 ALTER ROLE {me} SUPERUSER
        42501 ALTER ROLE {me} CONNECTION LIMIT -1
        42501 SET ROLE NONE; ALTER ROLE CURRENT_USER CONNECTION LIMIT -1
        42501 SET ROLE NONE; ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'
        42501 SET ROLE NONE; ALTER ROLE CURRENT_USER CREATEDB
        42501 SET ROLE NONE; ALTER ROLE CURRENT_USER CREATEROLE
        42501 SET ROLE NONE; ALTER ROLE CURRENT_USER REPLICATION
        42501 SET ROLE NONE; ALTER ROLE CURRENT_USER BYPASSRLS
        42501 SET ROLE NONE; GRANT {me} TO {owner}
        42501 SET ROLE NONE; GRANT {me} TO {login}
        42501 ALTER ROLE {owner} LOGIN
        42501 ALTER ROLE {login} PASSWORD 'x'
        42501 ALTER ROLE {login} NOLOGIN
        42501 ALTER ROLE {login} SET role = 'none'
        42501 ALTER ROLE {login} IN DATABASE {theirs} SET role = 'none'
        42501 ALTER ROLE {login} RENAME TO intruder
        42501 ALTER ROLE ALL SET search_path = 'intruder'
        42501 ALTER ROLE ALL IN DATABASE {db} SET search_path = 'intruder'
        42501 DROP ROLE {login}
        42501 DROP ROLE {me}
        42501 COMMENT ON ROLE {login} IS 'seen'
        42501 DROP OWNED BY {owner}
        42501 REASSIGN OWNED BY {owner} TO CURRENT_USER
        42501 ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO PUBLIC
        42501 GRANT {owner} TO CURRENT_USER
        42501 GRANT {owner} TO {me}
        42501 GRANT {root} TO {me}
        42501 GRANT pg_read_all_data TO {me}
        42501 GRANT pg_execute_server_program TO {me}
        42501 SET ROLE {root}
        42501 SET ROLE {owner}
        42501 SET ROLE {login}
        42501 SET ROLE pg_read_all_data
        42501 SET SESSION AUTHORIZATION {root}
        42501 SET SESSION AUTHORIZATION {login}
        42501 RESET ROLE; SET ROLE {owner}
        42501 SET ROLE NONE; SET ROLE {owner}
        42501 RESET SESSION AUTHORIZATION; SET SESSION AUTHORIZATION {root}
        42501 SELECT set_config('role', '{owner}', false)
        42501 SELECT set_config('session_authorization', '{root}', false)
        0A000 SELECT * FROM {theirs}.public.canary
        42501 SELECT * FROM pg_authid
        42501 SELECT * FROM pg_shadow
        42501 SELECT subconninfo FROM pg_subscription
        42501 SELECT query_to_xml('SELECT rolpassword FROM pg_authid', true, true, '')
        42501 UPDATE pg_database SET datacl = NULL
        55000 UPDATE pg_roles SET rolname = 'x'
        42501 DELETE FROM pg_auth_members
        42501 INSERT INTO pg_db_role_setting VALUES (0, 0, '{}')
        42501 TRUNCATE pg_shdepend
        42501 DO $$ BEGIN LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE; END $$
        42501 DO $$ BEGIN LOCK TABLE pg_database IN ACCESS SHARE MODE; END $$
        42501 SELECT datname FROM pg_database
        42501 SELECT datname, usename, application_name, query FROM pg_stat_activity
        42501 SELECT * FROM pg_stat_get_activity(NULL)
        42501 SELECT datname FROM pg_stat_database
        42501 SELECT * FROM pg_stat_ssl
        42501 SELECT * FROM pg_stat_progress_vacuum
        42501 SELECT * FROM pg_db_role_setting
        42501 SELECT * FROM pg_shdescription
        42501 SELECT gid FROM pg_prepared_xacts
        42501 SELECT * FROM pg_replication_slots
        42501 SELECT pg_describe_object(1262, {dboid}, 0)
        42501 SELECT pg_identify_object(1262, {dboid}, 0)
        42501 SELECT pg_identify_object_as_address(1262, {dboid}, 0)
        42501 SELECT pg_database_size('{theirs}')
        42501 SELECT pg_database_size({dboid}::oid)
        42501 SELECT * FROM pg_hba_file_rules
        42501 SELECT * FROM pg_file_settings
        42501 SELECT * FROM pg_config
        42501 SELECT * FROM pg_shmem_allocations
        42501 SELECT * FROM pg_backend_memory_contexts
        42P01 SELECT query FROM pg_stat_statements
        42501 SHOW data_directory
        42501 SHOW hba_file
        42501 SELECT current_setting('config_file')
        42501 SELECT pg_read_file('postgresql.conf')
        42501 SELECT pg_read_binary_file('PG_VERSION')
        42501 SELECT pg_stat_file('PG_VERSION')
        42501 SELECT pg_ls_dir('.')
        42501 SELECT pg_ls_waldir()
        42501 SELECT pg_ls_logdir()
        42501 SELECT pg_ls_tmpdir()
        42501 SELECT pg_current_logfile()
        42501 SELECT lo_import('/etc/passwd')
        42501 SELECT lo_export(1, '/tmp/intruder')
        42501 COPY items FROM '/etc/passwd'
        42501 COPY items TO '/tmp/intruder'
        42501 COPY (SELECT 1) TO '/tmp/intruder'
        42501 COPY (SELECT 1) TO PROGRAM 'true'
        42501 COPY items FROM PROGRAM 'id'
        42501 LOAD '/tmp/intruder.so'
        42501 CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'system'
        42501 CREATE FUNCTION f(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'
        42501 CREATE EXTENSION dblink
        42501 CREATE EXTENSION postgres_fdw
        42501 CREATE EXTENSION file_fdw
        42501 CREATE EXTENSION plpython3u
        42501 CREATE EXTENSION plperlu
        42501 CREATE EXTENSION pageinspect
        42501 CREATE EXTENSION pg_stat_statements
        42704 DO LANGUAGE plpython3u 'import os'
        42501 DO $$ BEGIN EXECUTE 'CREATE ROLE intruder'; END $$
        42501 DO $$ BEGIN PERFORM set_config('role', '{root}', false); END $$
        42501 CREATE LANGUAGE intruder HANDLER plpgsql_call_handler
        42501 CREATE FOREIGN DATA WRAPPER intruder
        42704 CREATE SERVER intruder FOREIGN DATA WRAPPER postgres_fdw
        42501 CREATE EVENT TRIGGER intruder ON ddl_command_start EXECUTE FUNCTION now()
        42501 CREATE ACCESS METHOD intruder TYPE TABLE HANDLER heap_tableam_handler
        42501 CREATE CAST (text AS int) WITHOUT FUNCTION
        42501 CREATE TABLESPACE intruder LOCATION '/tmp'
        42501 CREATE TABLE intruder (n int) TABLESPACE pg_global
        42501 CREATE FUNCTION pg_catalog.current_setting(int) RETURNS text LANGUAGE sql AS 'SELECT 1'
        42501 CREATE TABLE pg_catalog.intruder (n int)
        42501 CREATE SUBSCRIPTION intruder CONNECTION 'host=127.0.0.1 dbname={theirs}' PUBLICATION p
        42501 CREATE PUBLICATION intruder FOR ALL TABLES
        42501 SELECT pg_create_physical_replication_slot('intruder')
        42501 SELECT pg_create_logical_replication_slot('intruder', 'pgoutput')
        42501 SELECT pg_logical_slot_get_changes('intruder', NULL, NULL)
        42501 SELECT pg_drop_replication_slot('intruder')
        42501 SELECT pg_replication_origin_create('intruder')
        42501 SELECT pg_switch_wal()
        42501 SELECT pg_create_restore_point('intruder')
        42501 SELECT pg_promote()
        42501 CHECKPOINT
        42501 ALTER SYSTEM SET work_mem = '1MB'
        42501 SELECT pg_reload_conf()
        42501 SELECT pg_rotate_logfile()
        42501 SELECT pg_stat_reset()
        42501 SELECT pg_stat_reset_shared('io')
        42501 SELECT pg_terminate_backend({pid})
        42501 SELECT pg_cancel_backend({pid})
        42501 SET ROLE NONE; SELECT pg_terminate_backend({pid})
        42501 SELECT pg_log_backend_memory_contexts({pid})
        42501 SET session_preload_libraries = 'auto_explain'
        42501 SET dynamic_library_path = '/tmp'
        42501 SET log_statement = 'none'
        42501 SET session_replication_role = 'replica'
        42501 SET allow_system_table_mods = on
        42501 SET temp_file_limit = -1
        42501 SET lc_messages = 'C'
        55P02 SET shared_buffers = '1GB'
        55P02 SET is_superuser = on
        42501 REINDEX TABLE pg_authid
        42501 REINDEX SYSTEM {db}
        42501 COMMIT PREPARED 'globex canary'
        42501 ROLLBACK PREPARED 'globex canary'
        """;

    /** What takes the owner. */
    private static final String NOT_OWNERS = """
        42501 CREATE TABLE intruder (n int)
        42501 CREATE SCHEMA intruder
        42501 CREATE FUNCTION intruder() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'
        42501 CREATE EXTENSION hstore
        42501 ALTER TABLE items ADD COLUMN n int
        42501 ALTER TABLE items OWNER TO CURRENT_USER
        42501 ALTER TABLE items DISABLE TRIGGER ALL
        42501 CREATE INDEX ON items (name)
        42501 CREATE POLICY intruder ON items USING (true)
        42501 CREATE RULE intruder AS ON INSERT TO items DO INSTEAD NOTHING
        42501 DROP TABLE items
        42501 DROP SCHEMA public CASCADE
        01007 GRANT ALL ON items TO PUBLIC
        42501 ALTER SCHEMA public RENAME TO intruder
        42501 CREATE PUBLICATION intruder FOR TABLE items
        """;

    /** What takes more than to read. */
    private static final String READERS = """
        42501 INSERT INTO items VALUES ('x')
        42501 UPDATE items SET name = 'x'
        42501 DELETE FROM items
        42501 TRUNCATE items
        42501 SELECT * FROM items FOR UPDATE
        42501 DO $$ BEGIN LOCK TABLE items IN SHARE MODE; END $$
        42501 SELECT nextval('numbers')
        42501 SELECT setval('numbers', 1)
        42501 CREATE TEMPORARY TABLE mine (n int)
        42501 CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'
        42501 SELECT lo_create(0)
        42501 SELECT lo_creat(-1)
        42501 SELECT lo_from_bytea(0, 'x')
        42501 SET ROLE NONE; INSERT INTO items VALUES ('x')
        42501 SET ROLE NONE; CREATE TABLE intruder (n int)
        """;

    /** What even the owner of all in a database cannot do. */
    private static final String OWNERS = """
        42501 ALTER TABLE items OWNER TO {root}
        42501 ALTER TABLE items OWNER TO {owner}
        42501 ALTER SCHEMA public OWNER TO {owner}
        42501 CREATE SCHEMA intruder AUTHORIZATION {owner}
        42501 CREATE FUNCTION f() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1'
        42501 CREATE TYPE intruder; CREATE TYPE intruder (INPUT = f, OUTPUT = f)
        42501 CREATE OPERATOR CLASS intruder FOR TYPE int USING btree AS OPERATOR 1 <
        42501 CREATE FUNCTION g() RETURNS int LANGUAGE sql SECURITY DEFINER SET role = '{root}' AS 'SELECT 1'; SELECT g()
        42501 CREATE FUNCTION h() RETURNS int LANGUAGE sql SET log_statement = 'none' AS 'SELECT 1'
        42501 CREATE VIEW v AS SELECT datname FROM pg_database; SELECT * FROM v
        42501 GRANT SELECT ON pg_database TO CURRENT_USER
        """;

    static List<Escape> anybody() {
        return parse(ANYBODY);
    }

    static List<Escape> notOwners() {
        return parse(NOT_OWNERS);
    }

    static List<Escape> readers() {
        return parse(READERS);
    }

    static List<Escape> owners() {
        return parse(OWNERS);
    }

    private static List<Escape> parse(String lines) {
        return lines.lines()
                .map(line -> line.split(" ", 2))
                .map(parts -> new Escape(parts[0], parts[1]))
                .toList();
    }

    /** The text as it is sent. */
    String sql(Map<String, String> names) {
        String text = sql;
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace("{" + name.getKey() + "}", name.getValue());
        }
        return text;
    }

    @Override
    public String toString() {
        return sql;
    }
}
