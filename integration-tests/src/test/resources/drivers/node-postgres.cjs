// node-postgres with pg-cursor, pg-query-stream and pg-copy-streams. Announces each step and waits until it may take it;
// then it prints what the driver tells it, one line of canonical JSON for each thing.
'use strict'

const { Client, types } = require('pg')
const Cursor = require('pg-cursor')
const QueryStream = require('pg-query-stream')
const { from: copyFrom, to: copyTo } = require('pg-copy-streams')
const { createHash } = require('crypto')
const readline = require('readline')
const { Readable } = require('stream')
const { pipeline } = require('stream/promises')

// Numbers of objects from here on are of users' own objects, and differ from run to run.
const USER_OID_MIN = 16384

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()

function canonical(key, value) {
  if (value && value.type === 'Buffer') {
    return { bytes: Buffer.from(value.data).toString('hex') }
  }
  if (value && typeof value === 'object' && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return value
}

function tell(kind, value) {
  let text = JSON.stringify({ [kind]: value }, canonical)
  if (text.length > 2000) {
    text = `${kind} ${text.length} chars, hash ${createHash('sha1').update(text).digest('hex')}`
  }
  process.stdout.write(text + '\n')
}

function parts(error) {
  const { stack, ...rest } = error
  return { ...rest, name: error.name, message: error.message }
}

async function step(name, action) {
  process.stdout.write(`> ${name}\n`)
  await lines.next()
  try {
    const result = await action()
    for (const one of Array.isArray(result) ? result : result ? [result] : []) {
      tell('tag', [one.command, one.rowCount, one.oid])
      for (const field of one.fields) {
        const { name, dataTypeID, dataTypeSize, dataTypeModifier, format, columnID } = field
        tell('column', [name, Math.min(dataTypeID, USER_OID_MIN), dataTypeSize, dataTypeModifier, format, columnID])
      }
      one.rows.forEach((row) => tell('row', row))
    }
  } catch (error) {
    tell('error', parts(error))
  }
}

async function main() {
  const client = new Client({ ssl: false })
  client.on('notice', (notice) => tell('notice', parts(notice)))
  client.on('error', (error) => tell('connection error', parts(error)))
  await client.connect()
  const query = (...all) => step(String(all[0].text || all[0]).slice(0, 60), () => client.query(...all))

  await query('CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, at date, data jsonb, tags int[])')
  await query("SELECT 1 AS a; SELECT 2 WHERE false; INSERT INTO item VALUES (0, 'zero'); SELECT 'three'; ")
  await query('')
  for (let i = 1; i <= 4; i++) {
    await query('INSERT INTO item VALUES ($1, $2, $3, $4, $5) RETURNING *', [i, 'näme', '2024-02-29', { a: [i] }, [i, null]])
    await query({ name: 'by id', text: 'SELECT *, $2::bytea AS bytes FROM item WHERE id = $1', values: [i, Buffer.from([0, i, 255])] })
    await query({ text: 'SELECT * FROM item WHERE id <= $1 ORDER BY id', values: [i], rowMode: 'array' })
  }
  await query("INSERT INTO item VALUES (1, 'again')")
  await query('INSERT INTO item (id) VALUES ($1)', [9])
  await query('SELECT nothing')
  await query('SELECT $1::int', ['no number'])
  await query("DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'a hint'; RAISE NOTICE 'noticed'; END $$")
  await query("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'TDB01', DETAIL = 'd', HINT = 'h', TABLE = 't'; END $$")

  await step('sent together', () =>
    Promise.all([...Array(20).keys()].map((n) => client.query('SELECT $1::int AS n, repeat($2, 100)', [n, 'x']))))
  await step('sent together, some fail', async () => {
    const all = await Promise.allSettled([...Array(6).keys()].map((n) => client.query('SELECT 1 / $1::int AS n', [n - 3])))
    all.forEach((one) => tell(one.status, one.status === 'rejected' ? parts(one.reason) : one.value.rows))
  })

  await query('BEGIN')
  await query("INSERT INTO item VALUES (10, 'ten')")
  await query('SAVEPOINT a')
  await query('SELECT 1 / 0')
  await query('SELECT 1')
  await query('ROLLBACK TO a')
  await query('COMMIT')

  await step('cursor', async () => {
    const cursor = client.query(new Cursor('SELECT generate_series(1, $1) AS n', [10]))
    for (let rows = await cursor.read(4); rows.length > 0; rows = await cursor.read(4)) {
      tell('page', rows)
    }
    await cursor.close()
  })
  await step('cursor, closed early', async () => {
    const cursor = client.query(new Cursor('SELECT generate_series(1, 1000) AS n'))
    tell('page', await cursor.read(3))
    await cursor.close()
  })
  await step('cursor, failing', async () => {
    const cursor = client.query(new Cursor('SELECT 10 / (5 - g) AS n FROM generate_series(1, 9) g'))
    for (let rows = await cursor.read(2); rows.length > 0; rows = await cursor.read(2)) {
      tell('page', rows)
    }
  })
  await step('stream', async () => {
    for await (const row of client.query(new QueryStream('SELECT g, repeat($1, g) FROM generate_series(1, 50) g', ['x'], { batchSize: 7 }))) {
      tell('row', row)
    }
  })

  const copyOut = (sql) =>
    step(sql, async () => {
      const chunks = []
      try {
        for await (const chunk of client.query(copyTo(sql))) {
          chunks.push(chunk)
        }
      } finally {
        tell('copied', Buffer.concat(chunks))
      }
    })
  await copyOut('COPY item (id, name) TO STDOUT')
  await copyOut('COPY (SELECT g, md5(g::text) FROM generate_series(1, 2000) g) TO STDOUT (FORMAT csv)')
  await copyOut('COPY nowhere TO STDOUT')

  const copyIn = (name, rows) =>
    step(name, async () => {
      const stream = client.query(copyFrom('COPY item (id, name) FROM STDIN'))
      await pipeline(Readable.from(rows), stream)
      tell('count', stream.rowCount)
    })
  await copyIn('copy in', [...Array(500).keys()].map((n) => `${n + 1000}\tcopied\n`))
  await copyIn('copy in, twice the same', ['1000\ttwice\n'])
  await copyIn('copy in, a bad row', ['2000\tgood\n', 'bad\n'])
  await query('SELECT count(*), sum(id) FROM item')

  await step('notifications', async () => {
    const heard = new Promise((resolve) => {
      const news = []
      client.on('notification', ({ channel, payload }) => {
        news.push([channel, payload])
        if (news.length === 3) {
          resolve(news)
        }
      })
    })
    await client.query('LISTEN news')
    await client.query("NOTIFY news, 'one'")
    await client.query("SELECT pg_notify('news', $1)", ['two'])
    const other = new Client({ ssl: false })
    await other.connect()
    await other.query("NOTIFY news, 'three'")
    await other.end()
    tell('news', await heard)
  })
  await query("SET TIME ZONE 'Asia/Kathmandu'")
  await query("SELECT '2024-07-01 12:00+00'::timestamptz AS at, current_setting('TimeZone')")
  await query("SET statement_timeout = '30ms'; SELECT pg_sleep(60)")
  await query("SELECT 'and on'")
  await client.end()
  tell('types', Object.keys(types.builtins).length > 0)
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
