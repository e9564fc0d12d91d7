"""psycopg 3: see steps.py."""

import psycopg
from psycopg.rows import dict_row

from steps import announce, oid, tell

FIELDS = (
    "severity severity_nonlocalized sqlstate message_primary message_detail message_hint statement_position "
    "internal_position internal_query context schema_name table_name column_name datatype_name constraint_name "
    "source_file source_line source_function"
).split()


def diagnosis(diag):
    return {field: getattr(diag, field) for field in FIELDS}


def results(cursor):
    more = True
    while more:
        tell("status", cursor.statusmessage)
        tell("count", cursor.rowcount)
        if cursor.description is not None:
            for column in cursor.description:
                tell("column", [column.name, oid(column.type_code), column.internal_size, column.precision])
            for row in cursor.fetchall():
                tell("row", row)
        more = cursor.nextset()


def step(name, action):
    announce(name)
    try:
        action()
    except psycopg.Error as error:
        tell("error", [type(error).__name__, str(error), diagnosis(error.diag)])
    tell("transaction", connection.info.transaction_status.name if not connection.closed else "closed")


def execute(sql, values=None, **options):
    def run():
        with connection.cursor(**{k: v for k, v in options.items() if k in ("binary", "row_factory")}) as cursor:
            cursor.execute(sql, values, prepare=options.get("prepare"))
            results(cursor)

    step(sql[:60], run)


connection = psycopg.connect(autocommit=True, prepare_threshold=2)
connection.add_notice_handler(lambda diag: tell("notice", diagnosis(diag)))
tell("server", [connection.info.server_version, connection.info.dbname, connection.info.user, connection.info.encoding])
tell("settings", [connection.info.parameter_status(name) for name in ("TimeZone", "DateStyle", "server_version")])

execute("CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, at timestamptz, tags text[], data jsonb)")
execute("SELECT 1 AS a; SELECT 2 WHERE false; CREATE TABLE other (id serial); SELECT 'three'")
for number in range(4):
    execute(
        "INSERT INTO item VALUES (%s, %s, '2024-02-29 12:00+00', %s, '{\"a\": [1]}') RETURNING *",
        (number, "näme", ["x", None]),
    )
    execute("SELECT *, %s::numeric, %s::bytea FROM item WHERE id >= %s", (1.5, b"\x00\xff", 0), binary=True)
execute("SELECT * FROM item WHERE id = %s", (1,), prepare=True, row_factory=dict_row)
execute("SELECT * FROM item WHERE id = %s", (2,), prepare=False)
execute("INSERT INTO item VALUES (1, 'again')")
execute("INSERT INTO item (id) VALUES (9)")
execute("SELECT nothing")
execute("DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'a hint'; RAISE NOTICE '%', repeat('n', 3000); END $$")
execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'TDB01', DETAIL = 'd', HINT = 'h', TABLE = 't'; END $$")


def executemany():
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO other VALUES (%s) RETURNING id", [(n,) for n in range(30)], returning=True)
        results(cursor)


step("executemany", executemany)


def pipeline():
    with connection.pipeline() as pipe:
        cursors = [connection.execute("SELECT %s::int, 'in a pipeline'", (n,)) for n in range(20)]
        pipe.sync()
        for cursor in cursors:
            tell("row", cursor.fetchall())
        connection.execute("INSERT INTO other VALUES (-1)")
        # Nothing comes behind it: which of several errors psycopg tells is a matter of what has arrived.
        connection.execute("SELECT 1 / %s::int", (0,))


step("pipeline", pipeline)


def copy_out(sql):
    def run():
        with connection.cursor() as cursor:
            with cursor.copy(sql) as copy:
                for row in copy:
                    tell("copied", bytes(row))
            tell("count", cursor.rowcount)

    step(sql[:60], run)


copy_out("COPY (SELECT g, 'row ' || g FROM generate_series(1, 20) g) TO STDOUT")
copy_out("COPY (SELECT g FROM generate_series(1, 5) g) TO STDOUT (FORMAT binary)")
copy_out("COPY (SELECT 10 / (5 - g) FROM generate_series(1, 9) g) TO STDOUT")


def copy_in(rows, fault=None):
    def run():
        with connection.cursor() as cursor:
            with cursor.copy("COPY item (id, name) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                if fault:
                    raise fault
            tell("count", cursor.rowcount)

    return run


step("copy in", copy_in([(n, "copied %d" % n) for n in range(100, 600)]))
step("copy in, twice the same", copy_in([(100, "twice")]))
step("copy in, no number", copy_in([(700, "good"), ("bad", "bad")]))
step("copy in, given up", copy_in([(800, "never")], psycopg.DataError("given up")))
execute("SELECT count(*), sum(id) FROM item")


def transactions():
    with connection.transaction():
        connection.execute("INSERT INTO item VALUES (900, 'kept')")
        try:
            with connection.transaction():
                connection.execute("INSERT INTO item VALUES (900, 'not kept')")
        except psycopg.Error as error:
            tell("error", [type(error).__name__, error.sqlstate])
        with connection.transaction(force_rollback=True):
            connection.execute("INSERT INTO item VALUES (901, 'not kept')")
    tell("rows", connection.execute("SELECT id FROM item WHERE id >= 900").fetchall())


step("transactions in each other", transactions)


def server_side_cursor():
    with connection.transaction():
        with connection.cursor("pages", scrollable=True) as cursor:
            cursor.itersize = 7
            cursor.execute("SELECT generate_series(1, %s)", (20,))
            tell("page", cursor.fetchmany(3))
            cursor.scroll(-1)
            tell("rest", list(cursor))


step("a cursor of the server", server_side_cursor)


def stream():
    with connection.cursor() as cursor:
        for row in cursor.stream("SELECT g, repeat('x', g) FROM generate_series(1, 30) g"):
            tell("row", row)


step("row by row", stream)


def notifications():
    connection.execute("LISTEN news")
    connection.execute("NOTIFY news, 'one'")
    with psycopg.connect(autocommit=True) as other:
        other.execute("SELECT pg_notify('news', 'two')")
    for notify in connection.notifies(timeout=10, stop_after=2):
        tell("news", [notify.channel, notify.payload])


step("notifications", notifications)
execute("SET TIME ZONE 'Asia/Kathmandu'")
tell("zone", connection.info.parameter_status("TimeZone"))
execute("SELECT now() > '2000-01-01', current_setting('TimeZone')")
execute("SET statement_timeout = '30ms'; SELECT pg_sleep(60)")
execute("SELECT 'and on'")
connection.close()
