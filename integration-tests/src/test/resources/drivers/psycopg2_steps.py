"""psycopg2: see steps.py."""

import io
import select

import psycopg2
import psycopg2.extras

from steps import announce, oid, tell

FIELDS = (
    "severity severity_nonlocalized sqlstate message_primary message_detail message_hint statement_position "
    "internal_position internal_query context schema_name table_name column_name datatype_name constraint_name "
    "source_file source_line source_function"
).split()


def step(name, action):
    announce(name)
    try:
        action()
    except psycopg2.Error as error:
        tell("error", [type(error).__name__, str(error), {field: getattr(error.diag, field) for field in FIELDS}])
    tell("notices", connection.notices)
    del connection.notices[:]
    tell("transaction", connection.info.transaction_status)


def execute(sql, values=None):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            results(cursor)

    step(sql[:60], run)


def results(cursor):
    tell("status", [cursor.statusmessage, cursor.rowcount])
    if cursor.description is not None:
        tell("columns", [[c.name, oid(c.type_code), c.internal_size, c.precision] for c in cursor.description])
        for row in cursor:
            tell("row", row)


connection = psycopg2.connect("")
connection.autocommit = True
tell("settings", [connection.server_version, connection.encoding, connection.get_parameter_status("TimeZone")])

execute("CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, tags text[], data jsonb)")
for number in range(3):
    execute("INSERT INTO item VALUES (%s, %s, %s, '[1]') RETURNING *", (number, "näme", ["x", None]))
execute("SELECT 1; SELECT * FROM item ORDER BY id")
execute("INSERT INTO item VALUES (1, 'again')")
execute("SELECT * FROM item WHERE id = 'one'")
execute("DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'a hint'; RAISE NOTICE 'noticed'; END $$")
execute("DROP TABLE IF EXISTS never_there")


def values():
    with connection.cursor() as cursor:
        psycopg2.extras.execute_values(
            cursor, "INSERT INTO item (id, name) VALUES %s", [(n, "many") for n in range(10, 400)], page_size=50
        )
        results(cursor)


step("values", values)


def copy_in(rows):
    def run():
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY item (id, name) FROM STDIN", io.StringIO(rows))
            results(cursor)

    return run


step("copy in", copy_in("".join("%d\tcopied\n" % n for n in range(1000, 1500))))
step("copy in, a bad row", copy_in("2000\tgood\nbad\n"))


def copy_out(sql):
    def run():
        out = io.StringIO()
        with connection.cursor() as cursor:
            try:
                cursor.copy_expert(sql, out)
            finally:
                tell("copied", out.getvalue())

    step(sql, run)


copy_out("COPY (SELECT id FROM item ORDER BY id) TO STDOUT (FORMAT csv)")
copy_out("COPY (SELECT 10 / (5 - g) FROM generate_series(1, 9) g) TO STDOUT")


def named_cursor():
    connection.autocommit = False
    with connection.cursor("pages") as cursor:
        cursor.itersize = 6
        cursor.execute("SELECT id, name FROM item ORDER BY id LIMIT 20")
        tell("rows", list(cursor))
    connection.commit()
    connection.autocommit = True


step("a cursor of the server", named_cursor)


def large_object():
    connection.autocommit = False
    made = connection.lobject(0, "wb")
    tell("written", made.write(b"0123456789" * 5000))
    made.close()
    again = connection.lobject(made.oid, "rb")
    again.seek(12345)
    tell("read", [again.read(100), again.tell()])
    again.unlink()
    connection.commit()
    try:
        connection.lobject(4242, "rb")
    finally:
        connection.rollback()
        connection.autocommit = True


step("a large object", large_object)


def notifications():
    with connection.cursor() as cursor:
        cursor.execute("LISTEN news")
        cursor.execute("NOTIFY news, 'one'")
        cursor.execute("SELECT pg_notify('news', 'two')")
    while len(connection.notifies) < 2:
        select.select([connection], [], [], 10)
        connection.poll()
    tell("news", [[n.channel, n.payload] for n in connection.notifies])


step("notifications", notifications)


def transaction():
    with connection:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO item (id, name) VALUES (1, 'again')")


connection.autocommit = False
step("a transaction that fails", transaction)
connection.autocommit = True
execute("SELECT count(*) FROM item")
execute("SET statement_timeout = '30ms'; SELECT pg_sleep(60)")
execute("SELECT 'and on'")
connection.close()
