/**
 * The bundled PostgreSQL as a shared service of one data folder. Whoever needs a cluster joins
 * its users; the first one starts it, the last one that leaves stops it. So `npm run ace` beside
 * a running portal, or several test runs at once, neither start it twice nor pull it away.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { diskFull, Plain, saysDiskFull } from './errors.mjs'
import { identity, isAlive, lockHolder, processStart, sleep, withMutex } from './locks.mjs'
import { accepts, freePort, tryListen } from './ports.mjs'
import {
  createCluster,
  lastLine,
  POSTGRES_ENV,
  postgresPrograms,
  SUPERUSER,
} from './postgres_files.mjs'
import { databaseUser, giveTo } from './system_user.mjs'

const START_TIMEOUT = 60_000
const STOP_TIMEOUT = 30_000
const LOG_LIMIT = 5 * 1024 * 1024
const VOLATILE = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']
VOLATILE.push('wal_level=minimal', 'max_wal_senders=0', 'autovacuum_naptime=30s')

/** Joins the cluster `name` of this data folder, starting (and making) it when needed. */
export async function joinCluster(home, name, { volatile = false, onNew = () => {} } = {}) {
  const at = places(home, name)
  const programs = postgresPrograms(home)
  const context = { at, programs, volatile, onNew, user: databaseUser() }
  const server = await withMutex(at.mutex, async () => {
    const running = (await findRunning(at)) ?? (await startServer(context))
    register(at)
    return running
  })
  return {
    ...server,
    name,
    url: (database, role = SUPERUSER, password = readSecret(at)) =>
      `postgres://${role}:${password}@127.0.0.1:${server.port}/${database}`,
    isAlive: () => isServer(server.pid, at),
    revive: () => withMutex(at.mutex, async () => (await findRunning(at)) ?? startServer(context)),
    leave: () => withMutex(at.mutex, () => leave(at)),
  }
}

function places(home, name) {
  const below = (suffix) => path.join(home, `${name}${suffix}`)
  return {
    data: below(''),
    log: below('.log'),
    secret: below('.secret'),
    port: below('.port'),
    users: below('.users'),
    mutex: below('.lock'),
  }
}

const readSecret = (at) => fs.readFileSync(at.secret, 'utf8').trim()

/* ---- who uses it ---- */

function register(at) {
  fs.mkdirSync(at.users, { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(at.users, String(process.pid)), JSON.stringify(identity()))
}

/** Stops the server unless another living process uses it. */
async function leave(at) {
  fs.rmSync(path.join(at.users, String(process.pid)), { force: true })
  for (const name of fs.readdirSync(at.users)) {
    const file = path.join(at.users, name)
    if (isAlive(lockHolder(file))) return false
    fs.rmSync(file, { force: true })
  }
  await stopServer(at)
  return true
}

/* ---- is it there? ---- */

function readPidFile(at) {
  try {
    const lines = fs.readFileSync(path.join(at.data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() ?? '' }
  } catch {
    return null
  }
}

/** The pid may be a zombie that nobody reaped, or belong to another program by now. */
function isServer(pid, at) {
  if (processStart(pid) === null) return false
  if (process.platform !== 'linux') return true
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(at.data)
  } catch {
    return false
  }
}

/** A living server left by a killed supervisor, or one that is just starting or stopping. */
async function findRunning(at) {
  const until = Date.now() + START_TIMEOUT
  for (let file = readPidFile(at); file; file = readPidFile(at)) {
    if (!isServer(file.pid, at)) {
      // PostgreSQL would clear it, but not when the pid is a zombie or another program's.
      fs.rmSync(path.join(at.data, 'postmaster.pid'), { force: true })
      return null
    }
    if (file.status === 'ready' && (await accepts(file.port))) {
      return { pid: file.pid, port: file.port, attached: true, fresh: false }
    }
    if (Date.now() > until) {
      throw new Plain(`The database process ${file.pid} neither answers nor ends: see ${at.log}.`)
    }
    await sleep(50)
  }
  return null
}

/* ---- start ---- */

async function startServer(context) {
  const { at, programs, volatile, user } = context
  let fresh = prepareDataDir(context)
  for (let attempt = 0; ; attempt++) {
    const port = await choosePort(at, attempt)
    const failure = await tryStart({ at, programs, volatile, user, port })
    if (!failure) {
      fs.writeFileSync(at.port, String(port))
      return { pid: readPidFile(at).pid, port, attached: false, fresh }
    }
    if (saysDiskFull(failure)) throw diskFull(at.data)
    // A port lost in a race, or the last backends of a killed server still going away.
    const passing = /could not bind|pre-existing shared memory|lock file .* already exists/
    if (attempt < 40 && passing.test(failure)) {
      await sleep(250)
    } else if (volatile && attempt < 41) {
      // Nothing in it is worth more than a new one, and without fsync a power cut may break it.
      fs.rmSync(at.data, { recursive: true, force: true })
      fresh = prepareDataDir(context)
      attempt = 41
    } else {
      throw new Plain(`The database did not start: ${lastLine(failure)} (log: ${at.log}).`)
    }
  }
}

function prepareDataDir({ at, programs, volatile, user, onNew }) {
  const versionFile = path.join(at.data, 'PG_VERSION')
  if (fs.existsSync(versionFile)) {
    const major = fs.readFileSync(versionFile, 'utf8').trim()
    if (major === programs.major) return false
    throw new Plain(
      `${at.data} holds a PostgreSQL ${major} database, this code brings ${programs.major}: ` +
        'restore a backup into a new PORTAL_HOME.'
    )
  }
  if (fs.existsSync(at.data) && fs.readdirSync(at.data).length > 0) {
    throw new Plain(`${at.data} is not a database folder: move it away and start again.`)
  }
  fs.rmSync(at.data, { recursive: true, force: true })
  onNew()
  createCluster({ dataDir: at.data, secretFile: at.secret, programs, user, sync: !volatile })
  return true
}

/** The same port as last time while it is free, so that other programs may be pointed at it. */
async function choosePort(at, attempt) {
  try {
    const port = Number(fs.readFileSync(at.port, 'utf8'))
    if (port > 0 && attempt < 2 && (await tryListen(port)) === null) return port
  } catch {
    // first start
  }
  return freePort()
}

/** null when it is ready, else what its log says. */
async function tryStart({ at, programs, volatile, user, port }) {
  const log = openLog(at, user)
  const from = fs.fstatSync(log).size
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200']
  if (volatile) settings.push(...VOLATILE)
  const args = ['-D', at.data, '-p', String(port), ...settings.flatMap((text) => ['-c', text])]
  // A process group of its own: Ctrl-C must reach the application first, not the database.
  const child = spawn(programs.bin('postgres'), args, {
    ...user,
    env: POSTGRES_ENV,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  })
  fs.closeSync(log)
  child.unref()
  let ended = null
  child.once('exit', (code, signal) => (ended = `exit ${code ?? signal}`))
  child.once('error', (error) => (ended = error.message))
  const until = Date.now() + START_TIMEOUT
  while (!ended && Date.now() < until) {
    const file = readPidFile(at)
    // A crash leaves an old file that also says "ready": the pid must be our child's.
    if (file?.pid === child.pid && file.status === 'ready') return null
    await sleep(15)
  }
  if (!ended) process.kill(child.pid, 'SIGQUIT')
  const said = fs.readFileSync(at.log).subarray(from).toString('utf8')
  return /FATAL|PANIC/.test(said)
    ? said
        .split('\n')
        .filter((l) => /FATAL|PANIC/.test(l))
        .join('\n')
    : `${said}\n${ended ?? 'it took too long'}`
}

function openLog(at, user) {
  const size = fs.statSync(at.log, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_LIMIT) fs.renameSync(at.log, `${at.log}.1`)
  const log = fs.openSync(at.log, 'a', 0o600)
  giveTo(user, at.log)
  return log
}

/* ---- stop ---- */

/** SIGINT is PostgreSQL's fast shutdown; SIGQUIT the one that always ends (it recovers later). */
async function stopServer(at) {
  const file = readPidFile(at)
  if (!file || !isServer(file.pid, at)) return
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL']) {
    try {
      process.kill(file.pid, signal)
    } catch {
      return
    }
    const until = Date.now() + STOP_TIMEOUT
    while (Date.now() < until) {
      if (!isServer(file.pid, at)) return
      await sleep(15)
    }
  }
}
