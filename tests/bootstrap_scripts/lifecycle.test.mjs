/** The scripts as a person meets them. Slow (about a minute); run by .ci/run. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { freePort, get, makeStub, ready, until } from './stub_app.mjs'

let stub
let port
const pidOf = (file) => Number(fs.readFileSync(path.join(stub.home, file), 'utf8').split('\n')[0])
const postgresPid = () => pidOf('pg/postmaster.pid')
const supervisorPid = () => {
  return JSON.parse(fs.readFileSync(path.join(stub.home, 'portal.lock'), 'utf8')).pid
}
const isGone = (pid) => {
  try {
    return / [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
const start = async (env = {}, command = 'start') => {
  const run = stub.run([command], { PORT: String(port), ...env })
  await ready(run)
  return run
}
const stop = async (run, signal = 'SIGINT') => {
  run.child.kill(signal)
  return run.exited
}

before(async () => {
  stub = makeStub()
  port = await freePort()
})
after(() => fs.rmSync(stub.root, { recursive: true, force: true }))

test('a cold start prepares, shows the sign-ins and ends cleanly', async () => {
  const run = await start()
  assert.match(run.output(), /database prepared/)
  assert.match(run.output(), /owner@demo\.example/)
  const env = JSON.parse(await get(port, '/env'))
  assert.equal(env.DATABASE_OWNER_URL, undefined)
  assert.match(env.DATABASE_URL, /\/\/hi_app:/)
  assert.match(env.LOGIN_DATABASE_URL, /\/\/hi_login:/)
  assert.match(env.QUEUE_DATABASE_URL, /\/\/hi_jobs:/)
  assert.equal(env.NODE_ENV, 'production')
  const database = postgresPid()
  assert.equal(await stop(run), 0)
  assert.match(run.output(), /worker ends/)
  assert.ok(isGone(database))
})

test('the second start does nothing again and is quick', async () => {
  const began = performance.now()
  const run = await start()
  assert.ok(performance.now() - began < 6000)
  assert.doesNotMatch(run.output(), /prepar/)
  assert.equal(await stop(run, 'SIGTERM'), 0)
})

test('a second one on the same data says so in one sentence', async () => {
  const run = await start()
  const other = stub.run(['start'], { PORT: String(await freePort()) })
  assert.equal(await other.exited, 1)
  assert.match(other.stderr(), /already runs with .*stop it/)
  assert.doesNotMatch(other.output(), / at .*mjs:\d+/)
  await stop(run)
})

test('a taken port is said in one sentence', async () => {
  const server = net.createServer().listen(port, '127.0.0.1')
  const run = stub.run(['start'], { PORT: String(port) })
  assert.equal(await run.exited, 1)
  assert.match(run.stderr(), /is taken by another program/)
  await new Promise((resolve) => server.close(resolve))
})

test('after kill -9 of the supervisor the next start attaches and keeps the rows', async () => {
  const first = await start()
  const rows = Number(await get(port))
  const database = postgresPid()
  process.kill(supervisorPid(), 'SIGKILL')
  await first.exited
  const second = await start()
  assert.match(second.output(), /was running/)
  assert.equal(postgresPid(), database)
  assert.ok(Number(await get(port)) > rows)
  await stop(second)
  assert.ok(isGone(database))
})

test('a killed PostgreSQL is started again while the portal runs', async () => {
  const run = await start()
  const rows = Number(await get(port))
  process.kill(postgresPid(), 'SIGKILL')
  await until(async () => Number(await get(port).catch(() => 0)) > rows, 'the database')
  await stop(run)
})

test('a PostgreSQL killed together with its supervisor recovers', async () => {
  const run = await start()
  process.kill(supervisorPid(), 'SIGKILL')
  process.kill(postgresPid(), 'SIGKILL')
  await run.exited
  await stop(await start())
})

test('a killed web process comes back', async () => {
  const run = await start()
  const pid = Number(await get(port, '/pid'))
  process.kill(pid, 'SIGKILL')
  const next = await until(async () => Number(await get(port, '/pid').catch(() => 0)), 'web')
  assert.notEqual(next, pid)
  await stop(run)
})

test('a web process that cannot start ends the whole with a sentence', async () => {
  const run = stub.run(['start'], { PORT: String(port), STUB_WEB_FAILS: '1' })
  assert.equal(await run.exited, 1)
  assert.match(run.stderr(), /web process cannot start \(exit code 9/)
  assert.ok(!fs.existsSync(path.join(stub.home, 'pg/postmaster.pid')))
})

test('ace keeps stdout clean, passes the exit code and shares a running database', async () => {
  const alone = stub.run(['ace', 'show', '--json'], {})
  assert.equal(await alone.exited, 0)
  const shown = JSON.parse(alone.stdout())
  assert.deepEqual(shown.args, ['--json'])
  assert.equal(shown.owner, true)
  assert.equal(Number(shown.node.split('.')[0]), 24)
  assert.equal(await stub.run(['ace', 'nonsense'], {}).exited, 7)
  const run = await start()
  assert.equal(await stub.run(['ace', 'show'], {}).exited, 0)
  assert.ok(Number(await get(port)) > 0)
  await stop(run)
})

test('an ace command that started the database does not take it from a portal', async () => {
  const ace = stub.run(['ace', 'wait', '4000'], {})
  await until(() => /waiting/.test(ace.stdout()), 'ace')
  const run = await start()
  await ace.exited
  assert.ok(Number(await get(port)) > 0)
  await stop(run)
})

test('several test runs at once have their own databases and leave none', async () => {
  const runs = [1, 2, 3].map((n) => stub.run(['test', 'unit', `--n=${n}`], {}))
  for (const run of runs) assert.equal(await run.exited, 0, run.output())
  const lines = runs.map((run) => JSON.parse(/^\{.*\}$/m.exec(run.stdout())[0]))
  assert.equal(new Set(lines.map((line) => line.name)).size, 3)
  assert.deepEqual(
    lines.map((line) => line.n),
    [1, 1, 1]
  )
  assert.equal(runs.filter((run) => /database prepared/.test(run.output())).length, 1)
  assert.ok(fs.existsSync(path.join(stub.home, 'test-results.json')))
  assert.equal(await stub.run(['test', 'break'], {}).exited, 1)
  assert.deepEqual(fs.readdirSync(path.join(stub.home, 'test-runs')), [])
})

test('a bench has only its own line on stdout and a durable database', async () => {
  const run = stub.run(['bench', 'hello'], {})
  assert.equal(await run.exited, 0)
  assert.equal(run.stdout().trim(), '{"fsync":"on"}')
  const unknown = stub.run(['bench', '../x'], {})
  assert.equal(await unknown.exited, 1)
  assert.match(unknown.stderr(), /there are: hello/)
})

test('a failed preparation stops with a sentence and is tried again', async () => {
  fs.writeFileSync(path.join(stub.root, 'database/migrations/1_new.ts'), '')
  const bad = stub.run(['start'], { PORT: String(port), STUB_PREPARE_FAILS: '1' })
  assert.equal(await bad.exited, 1)
  assert.match(bad.stderr(), /could not be prepared \(exit code 3/)
  const run = await start()
  assert.match(run.output(), /database prepared/)
  await stop(run)
})

test('a removed password file is made again and applied', async () => {
  fs.rmSync(path.join(stub.home, 'database.json'))
  const run = await start()
  assert.ok(Number(await get(port)) > 0)
  await stop(run)
})

test('a killed npm takes the portal with it', async () => {
  const run = stub.run(['start'], { PORT: String(port), npm_lifecycle_event: 'start' })
  await ready(run)
  run.child.kill('SIGKILL')
  await until(() => isGone(postgresPidOrZero()), 'the end of everything', 20_000)
})

const postgresPidOrZero = () => {
  try {
    return postgresPid()
  } catch {
    return 0
  }
}

test('the doors of the database are as promised', async () => {
  const run = await start()
  const env = JSON.parse(await get(port, '/env'))
  const can = (url, sql) => {
    const code = `import pg from 'pg'; const c = new pg.Client(process.argv[1]); await c.connect()
      try { await c.query(process.argv[2]); console.log('yes') } catch (e) { console.log(e.code) }
      await c.end()`
    const args = ['--input-type=module', '-e', code, url, sql]
    return execFileSync('node', args, { cwd: stub.root, encoding: 'utf8' }).trim()
  }
  assert.equal(can(env.DATABASE_URL, 'create table x (a int)'), '42501')
  assert.equal(can(env.DATABASE_URL, 'create schema x'), '42501')
  assert.equal(can(env.LOGIN_DATABASE_URL, 'select * from t'), '42501')
  assert.equal(can(env.QUEUE_DATABASE_URL, 'select * from public.t'), '42501')
  assert.equal(can(env.QUEUE_DATABASE_URL, 'create sequence bullmq.s'), 'yes')
  assert.equal(can(env.DATABASE_URL, 'select nextval($$bullmq.s$$)'), '42501')
  assert.equal(can(env.DATABASE_URL, "select digest('a', 'sha256'), 'a' % 'b'"), 'yes')
  await stop(run)
})
