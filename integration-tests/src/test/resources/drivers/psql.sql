-- how to be told
\set VERBOSITY verbose
\set SHOW_CONTEXT always
\pset null (null)
\encoding UTF8
-- tables
CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL CHECK (name <> ''), at timestamptz DEFAULT '2024-02-29 12:00+00');
CREATE TABLE part (id serial PRIMARY KEY, item int REFERENCES item, tags text[]);
CREATE INDEX by_name ON item (lower(name)) WHERE id > 0;
CREATE VIEW items AS SELECT id, name FROM item;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * n';
COMMENT ON TABLE item IS 'things';
-- rows
INSERT INTO item VALUES (1, 'one'), (2, 'näme');
INSERT INTO part (item, tags) VALUES (1, '{a,NULL}') RETURNING *;
SELECT * FROM item ORDER BY id;
TABLE part;
SELECT 1 WHERE false;
-- several statements at once
SELECT 1 AS a\; SELECT 2 AS b\; UPDATE item SET name = name || '!' WHERE id = 1\; SELECT 3 AS c;
SELECT 1\; SELECT 1 / 0\; SELECT 3;
-- nothing
;
-- descriptions
\d
\d item
\d+ part
\d items
\df twice
\dt+ nowhere
\l it__drivers
\du it_app
\dn
\dx
\sf twice
-- ways to execute
SELECT id, name, at, ARRAY[1.5] AS list FROM item \gdesc
SELECT nothing FROM item \gdesc
SELECT id AS the_id, name AS the_name FROM item WHERE id = 2 \gset got_
\echo :got_the_id :'got_the_name'
SELECT * FROM item \gset
SELECT 'SELECT ' || g || ' AS n' FROM generate_series(1, 3) g \gexec
SELECT * FROM item WHERE id = 1 \gx
SELECT id, name, 1 FROM item \crosstabview
SELECT 1 \g (format=csv)
-- cursors
\set FETCH_COUNT 3
SELECT generate_series(1, 10);
SELECT 10 / (5 - g) FROM generate_series(1, 9) g;
\unset FETCH_COUNT
-- copy in
\copy item (id, name) FROM STDIN
10	ten
11	eleven
\.
COPY item (id, name) FROM STDIN (FORMAT csv);
12,"twelve, ""quoted"""
\.
SELECT count(*) FROM item;
-- copy in, failing
\copy item (id, name) FROM STDIN
20	good
bad	bad
\.
COPY item (id, name) FROM STDIN;
10	again
\.
\copy nowhere TO STDOUT
\copy item FROM '/nowhere/to/be/found'
SELECT count(*) FROM item;
-- copy out
\copy item TO STDOUT
COPY (SELECT g, repeat('x', g) FROM generate_series(1, 50) g) TO STDOUT (FORMAT csv);
\copy (SELECT 10 / (5 - g) FROM generate_series(1, 9) g) TO STDOUT
COPY item TO '/tmp/nowhere';
-- errors
SELEC 1;
SELECT * FROM item WHERE nothing = 1;
INSERT INTO item VALUES (1, 'again');
INSERT INTO item VALUES (3, '');
INSERT INTO part (item) VALUES (99);
DROP TABLE item;
\errverbose
-- notices
DO $$ BEGIN RAISE NOTICE 'noticed'; RAISE WARNING 'careful' USING HINT = 'a hint', DETAIL = 'a detail'; END $$;
DROP TABLE IF EXISTS never_there;
DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'TDB01', HINT = 'a hint', TABLE = 't'; END $$;
-- transactions
BEGIN;
INSERT INTO item VALUES (30, 'thirty');
SAVEPOINT a;
SELECT 1 / 0;
SELECT 'failed';
ROLLBACK TO a;
COMMIT;
COMMIT;
SELECT id FROM item WHERE id = 30;
-- errors that undo themselves
\set ON_ERROR_ROLLBACK on
BEGIN;
SELECT 1 / 0;
SELECT 'not failed';
ROLLBACK;
\set ON_ERROR_ROLLBACK off
-- settings
SET TIME ZONE 'Asia/Kathmandu';
SET search_path = side, public;
SELECT set_config('app.tenant', 'x', false);
SET client_encoding = 'LATIN1';
SELECT 'ascii';
SET client_encoding = 'UTF8';
-- are as they were set
SELECT current_setting('app.tenant'), at FROM item WHERE id = 1;
SHOW search_path;
\encoding
-- prepared statements
PREPARE pick (int) AS SELECT name FROM item WHERE id = $1;
EXECUTE pick(1);
-- are still prepared
EXECUTE pick(2);
SELECT name, statement, parameter_types FROM pg_prepared_statements ORDER BY name;
DEALLOCATE pick;
EXECUTE pick(1);
-- who listens
LISTEN news;
SELECT * FROM pg_listening_channels();
-- still listens
SELECT * FROM pg_listening_channels();
UNLISTEN *;
-- a long time
SET statement_timeout = '30ms';
SELECT pg_sleep(60);
RESET statement_timeout;
-- a password
SET password_encryption = 'scram-sha-256';
ALTER ROLE it_app CONNECTION LIMIT -1;
-- many rows
\o /dev/null
SELECT g, repeat('x', 1000) FROM generate_series(1, 5000) g;
\o
SELECT 'and on';
