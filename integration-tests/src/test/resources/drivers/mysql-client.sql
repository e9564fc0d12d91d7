-- a table and rows
CREATE TABLE item (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL, price DECIMAL(8,2), data BLOB);
INSERT INTO item (name, price) VALUES ('one', 1.10), ('zwei ü', NULL), ('three', 3);
SELECT * FROM item ORDER BY id;
SELECT COUNT(*) AS n, MAX(price) FROM item WHERE id > 10;
-- what fails
INSERT INTO item (id, name) VALUES (1, 'again');
SELECT nothing FROM item;
SELEC 1;
SELECT * FROM never_there;
-- warnings
DROP TABLE IF EXISTS never_there;
SHOW WARNINGS;
SELECT CAST('12x' AS UNSIGNED);
SHOW WARNINGS;
-- several results of one statement
DELIMITER //
CREATE PROCEDURE three() BEGIN SELECT 1 AS a; SELECT 2 AS b WHERE FALSE; UPDATE item SET price = 5; SELECT 'ü' AS c; END//
CALL three()//
DELIMITER ;
-- a procedure again
CALL three();
-- a transaction
BEGIN;
UPDATE item SET name = 'changed';
SELECT name FROM item ORDER BY id;
ROLLBACK;
SELECT name FROM item ORDER BY id;
-- variables
SET @a = 7, @b = 'text';
SET SESSION time_zone = '+03:00';
-- variables again
SELECT @a, @b, @@time_zone, DATABASE();
-- another database
USE more__drivers
CREATE TABLE there (n INT);
SELECT DATABASE(), @a;
USE it__drivers
-- a database out of reach
USE mysql_of_nobody
-- back again
SELECT DATABASE(), @a, @@time_zone;
SHOW TABLES;
-- a statement prepared in SQL
PREPARE p FROM 'SELECT ? + id FROM item ORDER BY id';
SET @n = 40;
EXECUTE p USING @n;
DEALLOCATE PREPARE p;
-- a file of the client
CREATE TABLE line (text VARCHAR(1000));
LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE line;
SELECT COUNT(*) > 0 FROM line;
-- long values
INSERT INTO item (name, data) VALUES ('long', REPEAT('0123456789', 1000));
SELECT LENGTH(data), MD5(data) FROM item WHERE name = 'long';
SELECT REPEAT('y', 100000);
-- what a table is
DESCRIBE item;
SHOW CREATE TABLE there;
-- the last number
INSERT INTO item (name) VALUES ('last');
SELECT LAST_INSERT_ID();
