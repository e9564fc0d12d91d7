package dev.tdb.control.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MySqlStatementsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE t (n INT)",
                "SET FOREIGN_KEY_CHECKS = 0",
                "INSERT INTO t VALUES ('COMMIT; BEGIN')",
                "-- a comment\nALTER TABLE t ADD n INT",
                "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.n = 1; END",
                "ANALYZE TABLE t"
            })
    void mayBePartOfAVersion(String sql) {
        assertThat(MySqlStatements.unfitForVersion(sql)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-- nothing",
                "# nothing",
                "BEGIN",
                "start transaction",
                "COMMIT",
                "XA COMMIT 'x'",
                "SET autocommit = 0",
                "USE other",
                "DELIMITER //",
                "LOCK TABLES t WRITE",
                "LOAD DATA LOCAL INFILE 'x' INTO TABLE t",
                "GRANT SELECT ON *.* TO x",
                "/*!50000 CREATE */ DATABASE other",
                "CREATE USER x",
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t"
            })
    void mayNotBePartOfAVersion(String sql) {
        assertThat(MySqlStatements.unfitForVersion(sql)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "/* why */ select `a;b` from t;",
                "WITH x AS (SELECT 1) SELECT * FROM x",
                "SELECT 'it\\'s; one' # all of it",
                "SHOW TABLES",
                "CALL p()"
            })
    void mayBeAQuery(String sql) {
        assertThat(MySqlStatements.unfitForQuery(sql)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "DROP TABLE t",
                "/*!DROP TABLE t*/",
                "SELECT 1; DROP TABLE t",
                "SET GLOBAL read_only = 1",
                "KILL 1",
                "LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
                "SELECT 1 --\n; SELECT 2"
            })
    void mayNotBeAQuery(String sql) {
        assertThat(MySqlStatements.unfitForQuery(sql)).isPresent();
    }

    @Test
    void twoDashesAreAnOperatorWhereNoSpaceFollows() {
        assertThat(MySqlWords.of("SELECT 1--1; SELECT 2").more()).isTrue();
    }
}
