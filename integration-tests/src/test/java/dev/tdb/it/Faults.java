package dev.tdb.it;

import java.util.List;

/** Statements that fail in many ways, so that every field of an error is filled by one of them. */
final class Faults {
    /** What the others need. */
    static final List<String> TABLES = List.of(
            "CREATE TYPE color AS ENUM ('red', 'green')",
            "CREATE DOMAIN even AS int CONSTRAINT is_even CHECK (VALUE % 2 = 0)",
            "CREATE TABLE item (id int PRIMARY KEY, name varchar(8) NOT NULL, color color, n even,"
                    + " CONSTRAINT long_enough CHECK (length(name) > 1))",
            "CREATE TABLE part (id int PRIMARY KEY, item int CONSTRAINT of_item REFERENCES item)",
            "CREATE TABLE late (id int CONSTRAINT one_each UNIQUE DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO item VALUES (1, 'first', 'red', 2)",
            "INSERT INTO part VALUES (1, 1)",
            """
            CREATE FUNCTION say(level text, what text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
              CASE level
                WHEN 'debug' THEN RAISE DEBUG '%', what;
                WHEN 'log' THEN RAISE LOG '%', what;
                WHEN 'info' THEN RAISE INFO '%', what USING HINT = 'a hint', DETAIL = 'a detail';
                WHEN 'notice' THEN RAISE NOTICE '%', what USING ERRCODE = '01ABC', TABLE = 'item', COLUMN = 'name';
                ELSE RAISE WARNING '%', what USING SCHEMA = 'public', CONSTRAINT = 'of_item', DATATYPE = 'color';
              END CASE;
              RETURN level;
            END $$
            """,
            """
            CREATE FUNCTION fail(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
              IF n > 0 THEN RETURN fail(n - 1); END IF;
              RAISE EXCEPTION 'the bottom, 100%% ''quoted'' "ünïcode"' USING ERRCODE = 'TDB01', DETAIL = 'a detail',
                HINT = 'a hint', SCHEMA = 's', TABLE = 't', COLUMN = 'c', DATATYPE = 'd', CONSTRAINT = 'k';
            END $$
            """,
            """
            CREATE FUNCTION wrong_inside() RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN
              EXECUTE 'SELECT  nowhere FROM item' INTO n;
              RETURN n;
            END $$
            """);

    static final List<String> STATEMENTS = List.of(
            "INSERT INTO item VALUES (1, 'again', NULL, NULL)",
            "INSERT INTO item VALUES (2, NULL, NULL, NULL)",
            "INSERT INTO item VALUES (2, 'x', NULL, NULL)",
            "INSERT INTO item VALUES (2, 'too long by far', NULL, NULL)",
            "INSERT INTO item VALUES (2, 'two', 'blue', NULL)",
            "INSERT INTO item VALUES (2, 'two', NULL, 3)",
            "INSERT INTO part VALUES (2, 99)",
            "DELETE FROM item",
            "SELECT fail(0)",
            "SELECT fail(2)",
            "SELECT wrong_inside()",
            "SELECT 'a long way to', 'the place of', 'the', fault FROM item",
            "SELECT * FROM item WHERE name = 1",
            "SELECT * FROM nowhere",
            "SELECT 1 FRM item",
            "SELECT sqrt(-1), ln(0)",
            "SELECT '2020-02-30'::date",
            "SELECT 99999999999::int",
            "SELECT pg_read_file('/etc/passwd')",
            "DROP TABLE item",
            "SELECT 1 WHERE 1 = (SELECT generate_series(1, 2))",
            "DO $$ BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN RAISE EXCEPTION 'another'; END $$",
            "SET TRANSACTION ISOLATION LEVEL nonsense");

    /** As {@link #STATEMENTS}; a driver that reads statements itself would not send them. */
    static final List<String> UNREAD_STATEMENTS = List.of(
            "SELECT 'never ended",
            "PREPARE one AS SELECT $1::int",
            "EXECUTE one('x')",
            "EXECUTE two",
            "DEALLOCATE two");

    private Faults() {}
}
