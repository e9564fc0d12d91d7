package dev.tdb.it;

import java.util.List;
import java.util.Map;

/**
 * What an intruder sends to a server of the MySQL family, and has to be refused. In the texts {@code {…}} stands for
 * something of the server: {@code {db}} is the intruder's own database, {@code {theirs}} a neighbour's with its
 * {@code {login}}, {@code {pid}} one of its sessions and {@code {thread}} what its server calls that, {@code {root}} the
 * administrator.
 */
final class MySqlEscape {
    /** Whatever role the intruder has. */
    private static final String ANYBODY = """
        SELECT * FROM {theirs}.canary
        INSERT INTO {theirs}.canary VALUES ('x')
        UPDATE {theirs}.canary SET secret = 'x'
        DELETE FROM {theirs}.canary
        DROP TABLE {theirs}.canary
        TRUNCATE {theirs}.canary
        CREATE TABLE {theirs}.intruder (n INT)
        ALTER TABLE {theirs}.canary ADD n INT
        CREATE INDEX intruder ON {theirs}.canary (secret(5))
        CREATE VIEW {theirs}.intruder AS SELECT 1
        CREATE PROCEDURE {theirs}.intruder() SELECT 1
        CREATE TRIGGER {theirs}.intruder BEFORE INSERT ON {theirs}.canary FOR EACH ROW SET @x = 1
        CALL {theirs}.secrets()
        SHOW CREATE PROCEDURE {theirs}.secrets
        SHOW CREATE TABLE {theirs}.canary
        SHOW COLUMNS FROM {theirs}.canary
        SHOW TABLES FROM {theirs}
        SHOW CREATE DATABASE {theirs}
        HANDLER {theirs}.canary OPEN
        LOCK TABLES {theirs}.canary READ
        DROP DATABASE {theirs}
        CREATE DATABASE intruder
        CREATE DATABASE {similar}
        ALTER DATABASE {theirs} CHARACTER SET latin1
        CREATE USER intruder
        CREATE ROLE intruder
        DROP USER '{login}'@'%'
        RENAME USER '{login}'@'%' TO intruder
        ALTER USER '{login}'@'%' IDENTIFIED BY 'x'
        ALTER USER '{login}'@'%' ACCOUNT UNLOCK
        SHOW GRANTS FOR '{login}'@'%'
        GRANT ALL ON *.* TO CURRENT_USER
        GRANT FILE ON *.* TO CURRENT_USER
        GRANT SELECT ON {theirs}.* TO CURRENT_USER
        GRANT SELECT ON {db}.* TO '{login}'@'%'
        GRANT PROXY ON '{root}'@'127.0.0.1' TO CURRENT_USER
        REVOKE ALL PRIVILEGES, GRANT OPTION FROM '{login}'@'%'
        SELECT * FROM mysql.user
        SELECT * FROM mysql.db
        UPDATE mysql.db SET Select_priv = 'Y'
        INSERT INTO mysql.func VALUES ('x', 0, 'x', 'function')
        SET GLOBAL read_only = 1
        SET GLOBAL max_connections = 1
        SET GLOBAL general_log = 1
        SET GLOBAL init_connect = 'SELECT 1'
        SET GLOBAL log_bin_trust_function_creators = 0
        SET SESSION sql_log_bin = 0
        FLUSH PRIVILEGES
        FLUSH LOGS
        FLUSH TABLES WITH READ LOCK
        RESET MASTER
        PURGE BINARY LOGS BEFORE NOW()
        SHOW BINARY LOGS
        SHOW MASTER STATUS
        CHANGE MASTER TO MASTER_HOST = 'x'
        SHUTDOWN
        SELECT 1 INTO OUTFILE '/tmp/tdb-intruder'
        SELECT 1 INTO DUMPFILE '/tmp/tdb-intruder'
        LOAD DATA INFILE '/etc/passwd' INTO TABLE items
        CREATE FUNCTION intruder RETURNS STRING SONAME 'intruder.so'
        INSTALL PLUGIN intruder SONAME 'intruder.so'
        UNINSTALL PLUGIN InnoDB
        CREATE SERVER intruder FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1')
        CREATE EVENT intruder ON SCHEDULE EVERY 1 DAY DO SELECT 1
        KILL {pid}
        KILL QUERY {pid}
        SHOW ENGINE INNODB STATUS
        SELECT * FROM information_schema.INNODB_TRX
        SELECT * FROM performance_schema.threads
        CREATE DEFINER = '{root}'@'127.0.0.1' VIEW intruder AS SELECT 1
        CREATE DEFINER = '{root}'@'127.0.0.1' PROCEDURE intruder() SELECT * FROM mysql.user
        CREATE DEFINER = '{login}'@'%' PROCEDURE intruder() SELECT * FROM {theirs}.canary
        DESCRIBE {theirs}.canary
        EXPLAIN SELECT * FROM {theirs}.canary
        SHOW INDEX FROM {theirs}.canary
        SHOW TABLE STATUS FROM {theirs}
        SHOW TRIGGERS FROM {theirs}
        SHOW EVENTS FROM {theirs}
        CHECKSUM TABLE {theirs}.canary
        SELECT secret FROM {theirs}.canary INTO @stolen
        DO (SELECT secret FROM {theirs}.canary)
        PREPARE stolen FROM 'SELECT * FROM {theirs}.canary'
        WITH stolen AS (SELECT * FROM {theirs}.canary) SELECT * FROM stolen
        SELECT n FROM items UNION SELECT secret FROM {theirs}.canary
        UPDATE items, {theirs}.canary SET secret = 'x'
        DELETE {theirs}.canary FROM items, {theirs}.canary
        ANALYZE TABLE {theirs}.canary
        OPTIMIZE TABLE {theirs}.canary
        FLUSH TABLES {theirs}.canary FOR EXPORT
        CREATE TEMPORARY TABLE {theirs}.intruder (n INT)
        CREATE EVENT {theirs}.intruder ON SCHEDULE EVERY 1 DAY DO SELECT 1
        DROP EVENT {theirs}.intruder
        DROP PROCEDURE {theirs}.secrets
        CREATE FUNCTION {theirs}.intruder() RETURNS INT RETURN 1
        SET PASSWORD FOR '{login}'@'%' = 'x'
        SHOW CREATE USER '{login}'@'%'
        SET ROLE '{login}'
        DROP ROLE intruder
        REVOKE ALL ON {theirs}.* FROM '{login}'@'%'
        ALTER USER CURRENT_USER() WITH MAX_USER_CONNECTIONS 0
        ALTER USER '{root}'@'127.0.0.1' IDENTIFIED BY 'x'
        HANDLER mysql.user OPEN
        SELECT * FROM mysql.innodb_table_stats
        SELECT * FROM mysql.general_log
        CREATE TABLE mysql.intruder (n INT)
        CREATE TABLE sys.intruder (n INT)
        SET GLOBAL event_scheduler = 1
        SET GLOBAL local_infile = 1
        SET SESSION sql_log_off = 1
        SET SESSION binlog_format = 'STATEMENT'
        SET SESSION pseudo_thread_id = {thread}
        BINLOG 'AAAA'
        SHOW BINLOG EVENTS
        SHOW SLAVE STATUS
        START SLAVE
        STOP SLAVE
        FLUSH TABLES
        FLUSH USER_RESOURCES
        KILL CONNECTION {pid}
        CALL sys.ps_setup_enable_thread({thread})
        LOAD XML INFILE '/etc/passwd' INTO TABLE items
        DROP SERVER intruder
        DROP FUNCTION intruder
        CREATE DEFINER = '{root}'@'127.0.0.1' FUNCTION intruder() RETURNS INT RETURN 1
        CREATE DEFINER = '{root}'@'127.0.0.1' TRIGGER intruder BEFORE INSERT ON items FOR EACH ROW SET @x = 1
        CREATE DEFINER = '{root}'@'127.0.0.1' EVENT intruder ON SCHEDULE EVERY 1 DAY DO SELECT 1
        """;

    /** What takes the owner. */
    private static final String NOT_OWNERS = """
        CREATE TABLE intruder (n INT)
        CREATE VIEW intruder AS SELECT 1
        CREATE PROCEDURE intruder() SELECT 1
        CREATE FUNCTION intruder() RETURNS INT DETERMINISTIC RETURN 1
        CREATE TRIGGER intruder BEFORE INSERT ON items FOR EACH ROW SET @x = 1
        CREATE INDEX intruder ON items (n)
        ALTER TABLE items ADD m INT
        ALTER DATABASE {db} CHARACTER SET latin1
        RENAME TABLE items TO others
        TRUNCATE items
        DROP TABLE items
        DROP PROCEDURE grow
        DROP DATABASE {db}
        """;

    /** What takes more than to read. */
    private static final String READERS = """
        INSERT INTO items VALUES (7)
        REPLACE INTO items VALUES (7)
        UPDATE items SET n = 7
        DELETE FROM items
        LOCK TABLES items WRITE
        CREATE TEMPORARY TABLE mine (n INT)
        CALL grow()
        """;

    /** What even the owner of all in a database cannot do. */
    private static final String OWNERS = """
        RENAME TABLE items TO {theirs}.items
        CREATE TABLE intruder LIKE {theirs}.canary
        CREATE TABLE intruder AS SELECT * FROM {theirs}.canary
        CREATE TABLE intruder (secret TEXT) ENGINE = MERGE UNION = ({theirs}.canary)
        CREATE VIEW intruder AS SELECT * FROM {theirs}.canary
        CREATE VIEW intruder AS SELECT * FROM mysql.user
        ALTER DEFINER = '{root}'@'127.0.0.1' VIEW {db}.picture AS SELECT 1
        INSERT INTO items SELECT LENGTH(secret) FROM {theirs}.canary
        CREATE TRIGGER intruder BEFORE INSERT ON {theirs}.canary FOR EACH ROW SET @x = NEW.secret
        ALTER TABLE items RENAME {theirs}.items
        CREATE TABLE intruder LIKE mysql.user
        CREATE TABLE intruder (n INT, FOREIGN KEY (n) REFERENCES {theirs}.canary (id))
        """;

    /** Whatever role the intruder has, in words that MySQL does not know. */
    private static final String OF_MARIADB = """
        EXECUTE IMMEDIATE 'SELECT * FROM {theirs}.canary'
        SET STATEMENT max_statement_time = 1 FOR SELECT * FROM {theirs}.canary
        ANALYZE FORMAT = JSON SELECT * FROM {theirs}.canary
        CREATE SEQUENCE {theirs}.intruder
        BACKUP STAGE START
        BACKUP LOCK {theirs}.canary
        SHOW EXPLAIN FOR {thread}
        EXPLAIN FOR CONNECTION {thread}
        KILL HARD CONNECTION {pid}
        KILL SOFT QUERY {pid}
        EXECUTE IMMEDIATE 'KILL {thread}'
        EXECUTE IMMEDIATE 'KILL QUERY {thread}'
        SELECT * FROM mysql.global_priv
        INSTALL SONAME 'intruder'
        SET DEFAULT ROLE NONE FOR '{login}'@'%'
        GRANT {login} TO CURRENT_USER
        SET SESSION server_id = 9
        SET SESSION gtid_seq_no = 100
        SHOW SLAVE HOSTS
        CHANGE MASTER 'x' TO MASTER_HOST = 'x'
        FLUSH STATUS
        SHUTDOWN WAIT FOR ALL SLAVES
        """;

    /** Whatever role the intruder has, in words that MariaDB does not know. */
    private static final String OF_MYSQL = """
        SET PERSIST max_connections = 1
        SET PERSIST_ONLY max_connections = 1
        SET GTID_NEXT = 'AUTOMATIC'
        ALTER INSTANCE ROTATE INNODB MASTER KEY
        ALTER INSTANCE DISABLE INNODB REDO_LOG
        ALTER INSTANCE RELOAD TLS
        LOCK INSTANCE FOR BACKUP
        RESTART
        INSTALL COMPONENT 'file://component_intruder'
        CREATE TABLESPACE intruder ADD DATAFILE 'intruder.ibd' ENGINE = InnoDB
        CREATE UNDO TABLESPACE intruder ADD DATAFILE 'intruder.ibu'
        CREATE RESOURCE GROUP intruder TYPE = USER
        CREATE SPATIAL REFERENCE SYSTEM 999999 NAME 'x' DEFINITION ''
        IMPORT TABLE FROM '/tmp/intruder.sdi'
        CACHE INDEX {theirs}.canary IN default
        LOAD INDEX INTO CACHE {theirs}.canary
        GRANT '{login}'@'%' TO CURRENT_USER
        SET DEFAULT ROLE ALL TO '{login}'@'%'
        ALTER USER '{login}'@'%' ATTRIBUTE '{"x": 1}'
        TABLE {theirs}.canary
        XA RECOVER
        SHOW REPLICAS
        START GROUP_REPLICATION
        CREATE TABLE intruder (n INT) DATA DIRECTORY = '/tmp'
        SELECT * FROM sys.processlist
        SELECT * FROM performance_schema.events_statements_history
        EXPLAIN ANALYZE SELECT * FROM {theirs}.canary
        CLONE LOCAL DATA DIRECTORY = '/tmp/intruder'
        """;

    private MySqlEscape() {}

    static List<String> anybody() {
        return ANYBODY.lines().toList();
    }

    static List<String> notOwners() {
        return NOT_OWNERS.lines().toList();
    }

    static List<String> readers() {
        return READERS.lines().toList();
    }

    static List<String> owners() {
        return OWNERS.lines().toList();
    }

    static List<String> ofMariaDb() {
        return OF_MARIADB.lines().toList();
    }

    static List<String> ofMySql() {
        return OF_MYSQL.lines().toList();
    }

    /** The text as it is sent. */
    static String sql(String template, Map<String, String> names) {
        String text = template;
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace("{" + name.getKey() + "}", name.getValue());
        }
        return text;
    }
}
