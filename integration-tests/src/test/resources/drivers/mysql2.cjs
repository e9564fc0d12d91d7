// mysql2. Announces each step and waits until it may take it; then it prints what the driver tells it, one line of
// canonical JSON for each thing. Compressed when MYSQL2_COMPRESS says so.
'use strict'

const mysql = require('mysql2/promise')
const { createHash } = require('crypto')
const readline = require('readline')
const { Readable } = require('stream')

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()

function canonical(key, value) {
  if (value && value.type === 'Buffer') {
    return { bytes: Buffer.from(value.data).toString('hex') }
  }
  if (typeof value === 'bigint') {
    return { bigint: value.toString() }
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

function tellResult(rows, fields) {
  const results = fields && Array.isArray(fields[0]) ? rows.map((each, i) => [each, fields[i]]) : [[rows, fields]]
  for (const [result, columns] of results) {
    if (Array.isArray(result)) {
      for (const { name, columnType, columnLength, flags, decimals, characterSet, table } of columns || []) {
        tell('column', [name, columnType, columnLength, flags, decimals, characterSet, table])
      }
      result.forEach((row) => tell(Array.isArray(row) ? 'rows' : 'row', row))
    } else {
      tell('done', result)
    }
  }
}

async function step(name, action) {
  process.stdout.write(`> ${name}\n`)
  await lines.next()
  try {
    const result = await action()
    if (Array.isArray(result)) {
      tellResult(...result)
    }
  } catch (error) {
    const { code, errno, sqlState, sqlMessage, fatal } = error
    tell('error', { code, errno, sqlState, sqlMessage, fatal })
  }
}

async function main() {
  if (process.env.MYSQL2_COMPRESS === 'true') {
    // A server that compresses numbers packets in a way of its own, and mysql2 warns of that each time.
    console.error = () => {}
  }
  const user = process.env.PGUSER
  const password = process.env.PGPASSWORD
  const database = process.env.PGDATABASE
  const connection = await mysql.createConnection({
    host: process.env.PGHOST,
    port: Number(process.env.PGPORT),
    user,
    password,
    database,
    compress: process.env.MYSQL2_COMPRESS === 'true',
    multipleStatements: true,
    supportBigNumbers: true,
    timezone: 'Z',
  })
  connection.connection.on('error', (error) => tell('connection error', error.code))
  const query = (sql, values) => step(sql.slice(0, 60), () => connection.query(sql, values))
  const execute = (sql, values) => step(`prepared ${sql.slice(0, 60)}`, () => connection.execute(sql, values))

  await query('CREATE TABLE item (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL, price DECIMAL(8,2), at DATETIME, data BLOB)')
  await query("INSERT INTO item (name, price, at, data) VALUES ('one', 1.10, '2024-02-29 12:00:00', X'00ff'), ('zwei ü', NULL, NULL, NULL)")
  await query('SELECT * FROM item ORDER BY id')
  await query("SELECT 1 AS a; INSERT INTO item (name) VALUES ('x'); SELECT 'ü' AS b WHERE FALSE; SELECT 9007199254740993 AS big")
  await query('SELECT 1; SELECT nothing FROM item; SELECT 2')
  await query("INSERT INTO item (id, name) VALUES (1, 'again')")
  await query('SELEC 1')
  for (let i = 0; i < 3; i++) {
    await execute('SELECT id, name, price, at, data, ? AS given FROM item WHERE id > ? ORDER BY id', ['gü', i])
  }
  await execute('INSERT INTO item (name, price, data) VALUES (?, ?, ?)', ['prepared', '2.50', Buffer.alloc(70000, 7)])
  await execute('INSERT INTO item (name) VALUES (?)', [null])
  await execute('SELECT name, LENGTH(data), data FROM item WHERE name = ?', ['prepared'])
  await step('a statement that is kept', async () => {
    const statement = await connection.prepare('SELECT ? + 1 AS n')
    tellResult(...(await statement.execute([41])))
    await statement.close()
  })
  await query('SET @a = 7, SESSION sql_mode = \'ANSI_QUOTES\'')
  await query('SELECT @a, @@sql_mode, DATABASE()')
  await step('a transaction', async () => {
    await connection.beginTransaction()
    tellResult(...(await connection.query("UPDATE item SET name = 'changed'")))
    await connection.rollback()
  })
  await query('SELECT id, name FROM item ORDER BY id')
  await query('USE more__drivers')
  await query('SELECT DATABASE(), @a')
  await query(`USE ${database}`)
  await step('is it alive', async () => tell('pong', await connection.ping()))
  await query('CREATE TABLE line (text VARCHAR(100))')
  await step('a file of ours', () =>
    connection.query({
      sql: "LOAD DATA LOCAL INFILE 'ours' INTO TABLE line",
      infileStreamFactory: () => Readable.from(['first\n', 'second\n', 'x'.repeat(90) + '\n'].map((line) => Buffer.from(line))),
    }))
  await query('SELECT text FROM line')
  await step('a stream', async () => {
    const rows = connection.connection.query('SELECT REPEAT(?, 5000) AS text UNION ALL SELECT ?', ['z', 'end']).stream()
    for await (const row of rows) {
      tell('streamed', row)
    }
  })
  await query('SELECT REPEAT(\'y\', 20000000) AS much')
  await query('CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END')
  await query('CALL two()')
  await step('the same user again', () => connection.changeUser({ user, password, database }))
  await query('SELECT @a, DATABASE(), @@character_set_client')
  await execute('SELECT ? AS after', ['it'])
  await step('another database', () => connection.changeUser({ user, password, database: 'more__drivers' }))
  await query('SELECT DATABASE()')
  await step('a wrong password', () => connection.changeUser({ user, password: 'not it', database }))
  process.exit(0)
}

main().catch((error) => {
  console.log(error)
  process.exit(1)
})
