"""PyMySQL: see steps.py."""

import os

import pymysql
import pymysql.cursors

from steps import announce, tell


def step(name, action):
    announce(name)
    try:
        action()
    except pymysql.MySQLError as error:
        tell("error", [type(error).__name__, list(error.args)])
    if connection.open:
        tell("status", connection.server_status)


def execute(sql, values=None):
    def run():
        with connection.cursor() as cursor:
            tell("rows", cursor.execute(sql, values))
            results(cursor)

    step(sql[:60], run)


def results(cursor):
    while True:
        tell("last", [cursor.rowcount, cursor.lastrowid])
        if cursor.description is not None:
            tell("columns", cursor.description)
            for row in cursor:
                tell("row", row)
        if not cursor.nextset():
            return


connection = pymysql.connect(
    host=os.environ["PGHOST"],
    port=int(os.environ["PGPORT"]),
    user=os.environ["PGUSER"],
    password=os.environ["PGPASSWORD"],
    database=os.environ["PGDATABASE"],
    autocommit=True,
    local_infile=True,
    client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS,
)
tell("settings", [connection.charset, connection.get_autocommit()])

execute("CREATE TABLE item (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL, at TIME(3), data JSON)")
for number in range(3):
    execute("INSERT INTO item (name, at, data) VALUES (%s, %s, '[1]')", ("näme", "12:34:56.789"))
execute("SELECT * FROM item ORDER BY id")
execute("SELECT 1; INSERT INTO item (name) VALUES ('x'); SELECT 'ü' WHERE FALSE; SELECT 2.5, NULL, 1e3")
execute("INSERT INTO item (id, name) VALUES (1, 'again')")
execute("SELECT nothing FROM item")
execute("DROP TABLE IF EXISTS never_there")


def many():
    with connection.cursor() as cursor:
        tell("many", cursor.executemany("INSERT INTO item (name) VALUES (%s)", [("m%d" % i,) for i in range(2000)]))
        tell("last", cursor.lastrowid)


def unbuffered():
    with connection.cursor(pymysql.cursors.SSDictCursor) as cursor:
        cursor.execute("SELECT id, name FROM item ORDER BY id")
        tell("first", cursor.fetchone())
        tell("some", cursor.fetchmany(3))
        tell("rest", len(cursor.fetchall()))


def transaction():
    connection.begin()
    with connection.cursor() as cursor:
        tell("changed", cursor.execute("UPDATE item SET name = 'changed'"))
    connection.rollback()


def callproc():
    with connection.cursor() as cursor:
        cursor.callproc("two", (5,))
        results(cursor)


step("many at once", many)
step("row by row", unbuffered)
step("a transaction", transaction)
execute("SELECT COUNT(*) FROM item WHERE name = 'changed'")
execute("SET @a = 7, SESSION time_zone = '+03:00'")
execute("SELECT @a, @@time_zone, DATABASE()")
execute("CREATE PROCEDURE two(n INT) BEGIN SELECT n; SELECT n + 1; END")
step("a procedure", callproc)
step("another database", lambda: connection.select_db("more__drivers"))
execute("SELECT DATABASE(), @a")
step("out of reach", lambda: connection.select_db("shop__nobody"))
step("back again", lambda: connection.select_db(os.environ["PGDATABASE"]))
step("is it alive", lambda: tell("pong", connection.ping(reconnect=False) is None))
execute("CREATE TABLE line (text VARCHAR(1000))")
execute("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE line")
execute("SELECT COUNT(*) > 0 FROM line")
execute("SELECT REPEAT('y', 20000000)")
execute("INSERT INTO item (name, data) VALUES ('long', CONCAT('\"', REPEAT('z', 100000), '\"'))")
execute("SELECT LENGTH(data) FROM item WHERE name = 'long'")
step("goodbye", connection.close)
