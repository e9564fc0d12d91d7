-- how to be told
\set VERBOSITY verbose
-- a table
CREATE TABLE item (id int PRIMARY KEY);
-- one pipeline
\startpipeline
SELECT 1 \bind \sendpipeline
SELECT $1::int + $2 \bind 2 3 \sendpipeline
INSERT INTO item VALUES ($1) \bind 1 \sendpipeline
SELECT * FROM item \bind \sendpipeline
\endpipeline
-- with synchronisation points and an error
\startpipeline
INSERT INTO item VALUES (2) \bind \sendpipeline
\syncpipeline
INSERT INTO item VALUES (1) \bind \sendpipeline
SELECT 'not executed' \bind \sendpipeline
\syncpipeline
SELECT 'executed' \bind \sendpipeline
\endpipeline
SELECT * FROM item ORDER BY id;
-- results one after another
\startpipeline
SELECT 1 \bind \sendpipeline
SELECT 2 \bind \sendpipeline
\flushrequest
\getresults 1
SELECT 3 \bind \sendpipeline
\syncpipeline
\getresults
\endpipeline
-- prepared
SELECT $1::text || $2 \parse pair
\bind_named pair 'a' 'b' \g
-- is still prepared
\startpipeline
\bind_named pair 'c' 'd' \sendpipeline
\close_prepared pair
\endpipeline
\bind_named pair 'e' 'f' \g
-- and on
SELECT 'and on';
