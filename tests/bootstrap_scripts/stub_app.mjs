/**
 * A tiny application in the layout of the real one, so that the scripts can be tried without it:
 * a copy of scripts/, a link to node_modules, and an ace.js, web, worker, test and bench of a few
 * lines each.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../scripts/portal/ports.mjs'

const REPO = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

const ACE = `
import fs from 'node:fs'
const [command, ...args] = process.argv.slice(2)
const say = (value) => console.log(JSON.stringify(value))
if (command === 'codegen') {
  fs.mkdirSync('.adonisjs/server', { recursive: true })
  fs.writeFileSync('.adonisjs/server/controllers.ts', '')
} else if (command === 'portal:prepare') {
  if (process.env.STUB_PREPARE_FAILS) process.exit(3)
  const { default: pg } = await import('pg')
  const client = new pg.Client(process.env.DATABASE_OWNER_URL)
  await client.connect()
  await client.query('create table if not exists t (a int); grant select, insert on t to hi_app')
  await client.end()
  const demo = [{ role: 'Owner', email: 'owner@demo.example', password: 'stub-password' }]
  fs.writeFileSync(process.env.PORTAL_HOME + '/demo.json', JSON.stringify(demo))
} else if (command === 'show') {
  say({ args, owner: Boolean(process.env.DATABASE_OWNER_URL), node: process.versions.node })
} else if (command === 'wait') {
  say('waiting')
  await new Promise((resolve) => setTimeout(resolve, Number(args[0])))
} else process.exit(7)
`
const SERVER = `
import http from 'node:http'
import pg from 'pg'
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
pool.on('error', () => {})
if (process.env.STUB_WEB_FAILS) process.exit(9)
const server = http.createServer(async (request, response) => {
  if (request.url === '/env') return response.end(JSON.stringify(process.env))
  if (request.url === '/pid') return response.end(String(process.pid))
  try {
    await pool.query('insert into t values (1)')
    const { rows } = await pool.query('select count(*)::int as n from t')
    response.end(String(rows[0].n))
  } catch (error) {
    response.statusCode = 503
    response.end(error.message)
  }
})
server.listen(Number(process.env.PORT), process.env.HOST)
process.on('SIGTERM', () => {
  console.log('web ends')
  process.exit(0)
})
`
const WORKER = `
const timer = setInterval(() => {}, 1000)
process.on('SIGTERM', () => {
  console.log('worker ends')
  clearInterval(timer)
})
`
const TEST = `
import fs from 'node:fs'
import pg from 'pg'
const client = new pg.Client(process.env.DATABASE_URL)
await client.connect()
await client.query('insert into t values (1)')
const { rows } = await client.query('select count(*)::int as n, current_database() as name from t')
await new Promise((resolve) => setTimeout(resolve, 1500))
console.log(JSON.stringify({ ...rows[0], args: process.argv.slice(2), port: process.env.PORT }))
await client.end()
const results = { passed: 3, failed: 0, skipped: 0 }
fs.writeFileSync(process.env.PORTAL_HOME + '/test-results.json', JSON.stringify(results))
if (process.argv.includes('break')) process.exitCode = 1
`
const BENCH = `
import pg from 'pg'
const client = new pg.Client(process.env.DATABASE_URL)
await client.connect()
const { rows } = await client.query('show fsync')
console.log(JSON.stringify(rows[0]))
await client.end()
`

export function makeStub() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'hi-stub-'))
  fs.chmodSync(root, 0o755)
  for (const name of ['scripts', 'package.json', 'package-lock.json']) {
    fs.cpSync(path.join(REPO, name), path.join(root, name), { recursive: true })
  }
  linkModules(path.join(REPO, 'node_modules'), path.join(root, 'node_modules'))
  for (const folder of ['bin', 'bench', 'database/migrations']) {
    fs.mkdirSync(path.join(root, folder), { recursive: true })
  }
  const files = {
    'adonisrc.ts': 'indexEntities()',
    'ace.js': ACE,
    'bin/server.ts': SERVER,
    'bin/worker.ts': WORKER,
  }
  Object.assign(files, { 'bin/test.ts': TEST, 'bench/hello.ts': BENCH })
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(root, name), text)
  const home = path.join(root, 'data')
  return { root, home, run: (args, env) => runScript(root, args, { PORTAL_HOME: home, ...env }) }
}

/**
 * A folder of its own with a link per package, never one link to all: if the stub ever runs
 * `npm ci`, that removes links and not the packages of the checkout.
 */
function linkModules(from, to) {
  fs.mkdirSync(to)
  for (const name of fs.readdirSync(from)) {
    if (name === '.hashinsight-stamp') continue
    const copy = name === '.package-lock.json' ? fs.copyFileSync : fs.symlinkSync
    copy(path.join(from, name), path.join(to, name))
  }
}

/** Starts scripts/run.mjs; `output()` is everything it said so far, on both streams. */
export function runScript(root, args, extra) {
  const env = { ...process.env, LOG_LEVEL: '', ...extra }
  for (const name of ['npm_lifecycle_event', 'HI_BOOTSTRAPPED', 'DATABASE_URL', 'NODE_ENV']) {
    if (!(name in extra)) delete env[name]
  }
  const child = spawn('node', ['scripts/run.mjs', ...args], { cwd: root, env, stdio: 'pipe' })
  let out = ''
  let err = ''
  child.stdout.on('data', (data) => (out += data))
  child.stderr.on('data', (data) => (err += data))
  const exited = new Promise((resolve) => child.on('close', (code) => resolve(code)))
  return { child, exited, stdout: () => out, stderr: () => err, output: () => out + err }
}

export async function until(check, what, ms = 60_000) {
  const end = Date.now() + ms
  for (;;) {
    const value = await check()
    if (value) return value
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export async function ready(run) {
  let code
  run.exited.then((value) => (code = value))
  await until(() => {
    if (code !== undefined) throw new Error(`ended with ${code}: ${run.output()}`)
    return /is ready at/.test(run.output())
  }, 'the portal')
}

export const get = async (port, at = '/') =>
  (await fetch(`http://127.0.0.1:${port}${at}`, { signal: AbortSignal.timeout(5000) })).text()

export { freePort }
