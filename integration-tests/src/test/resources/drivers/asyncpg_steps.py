"""asyncpg: see steps.py."""

import asyncio
import io

import asyncpg

from steps import announce, oid, tell


def as_told(error):
    return {
        key: value
        for key, value in sorted(error.as_dict().items())
    }


async def main():
    connection = await asyncpg.connect(ssl=False)
    heard = asyncio.Queue()
    connection.add_log_listener(lambda _, message: tell("notice", as_told(message)))

    async def step(name, action):
        announce(name)
        try:
            result = await action
            if isinstance(result, list):
                for row in result:
                    tell("row", list(row.items()) if isinstance(row, asyncpg.Record) else row)
            else:
                tell("result", result)
        except asyncpg.PostgresError as error:
            tell("error", [type(error).__name__, str(error), as_told(error)])
        except asyncpg.InterfaceError as error:
            tell("error", [type(error).__name__, str(error)])
        tell("in transaction", connection.is_in_transaction())

    def settings():
        known = connection.get_settings()
        return [known.TimeZone, known.client_encoding, known.application_name, known.DateStyle]

    tell("settings", settings())
    tell("version", list(connection.get_server_version()))
    await step("tables", connection.execute("CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, tags text[]);"
                                            "CREATE TYPE color AS ENUM ('red', 'green')"))
    for number in range(4):
        await step("insert", connection.fetch(
            "INSERT INTO item VALUES ($1, $2, $3) RETURNING *", number, "näme", ["x", None]))
        await step("select", connection.fetch("SELECT *, $2::numeric, 'red'::color FROM item WHERE id = $1", number, 1))
    await step("several", connection.execute("SELECT 1; INSERT INTO item VALUES (50, 'fifty'); DELETE FROM item WHERE id = 50"))
    await step("twice", connection.execute("INSERT INTO item VALUES ($1, 'again')", 1))
    await step("wrong", connection.fetch("SELECT nothing"))
    await step("said", connection.execute("DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'a hint'; END $$"))
    await step("many", connection.executemany(
        "INSERT INTO item (id, name) VALUES ($1, $2)", [(n, "many") for n in range(100, 400)]))
    await step("many, one of them bad", connection.executemany(
        "INSERT INTO item (id, name) VALUES ($1, $2)", [(n, "many") for n in (500, 501, 100, 502)]))
    await step("count", connection.fetch("SELECT count(*) FROM item"))

    async def copied(sql):
        out = io.BytesIO()
        try:
            return await connection.copy_from_query(sql, output=out)
        finally:
            tell("copied", out.getvalue())

    await step("copy out", copied("SELECT * FROM item ORDER BY id"))
    await step("copy out, failing", copied("SELECT 10 / (5 - g) FROM generate_series(1, 9) g"))
    await step("copy in", connection.copy_records_to_table(
        "item", records=[(n, "copied", ["a"]) for n in range(1000, 1500)]))
    await step("copy in, failing", connection.copy_records_to_table("item", records=[(1, "copied", ["a"])]))

    async def faulty():
        yield (2000, "good", None)
        raise ValueError("given up")

    async def given_up():
        try:
            await connection.copy_records_to_table("item", records=faulty())
        except ValueError as error:
            return str(error)

    await step("copy in, given up", given_up())

    async def cursor():
        async with connection.transaction():
            pages = await connection.cursor("SELECT generate_series(1, 20)")
            told = [list(row) for row in await pages.fetch(3)]
            await pages.forward(2)
            told += [list(row) for row in await pages.fetch(50)]
            async for row in connection.cursor("SELECT generate_series(1, 7)", prefetch=3):
                told.append(list(row))
            return str(told)

    await step("cursors", cursor())

    async def nested():
        async with connection.transaction(isolation="serializable"):
            await connection.execute("INSERT INTO item VALUES (3000, 'kept')")
            try:
                async with connection.transaction():
                    await connection.execute("INSERT INTO item VALUES (3000, 'not kept')")
            except asyncpg.UniqueViolationError as error:
                tell("inner", as_told(error))
        return await connection.fetch("SELECT id FROM item WHERE id >= 3000")

    await step("transactions in each other", nested())

    async def prepared():
        statement = await connection.prepare("SELECT id, name, $1::color AS color FROM item WHERE id = $2")
        tell("parameters", [[p.name, oid(p.oid)] for p in statement.get_parameters()])
        tell("attributes", [[a.name, oid(a.type.oid), a.type.name] for a in statement.get_attributes()])
        return await statement.fetch("green", 1)

    await step("prepared", prepared())

    async def notifications():
        await connection.add_listener("news", lambda c, pid, channel, payload: heard.put_nowait((channel, payload)))
        await connection.execute("NOTIFY news, 'one'")
        await connection.execute("SELECT pg_notify('news', 'two')")
        return [str(await asyncio.wait_for(heard.get(), 10)) for _ in range(2)]

    await step("notifications", notifications())
    await step("zone", connection.execute("SET TIME ZONE 'Asia/Kathmandu'"))
    tell("settings", settings())

    async def cancelled():
        try:
            await connection.fetch("SELECT pg_sleep(60)", timeout=0.2)
        except (TimeoutError, asyncio.TimeoutError):
            return "timed out"

    await step("cancelled", cancelled())
    await step("and on", connection.fetch("SELECT 'and on'"))
    await step("reset", connection.reset())
    await step("after it", connection.fetch("SELECT current_setting('TimeZone')"))
    await connection.close()


asyncio.run(main())
