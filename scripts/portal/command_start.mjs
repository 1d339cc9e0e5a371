/** npm start, npm run dev, and start-build (the production build in build/). */
import fs from 'node:fs'
import path from 'node:path'
import { backupBeforeMigrating } from './backup.mjs'
import { openDatabase } from './databases.mjs'
import { baseEnvironment, withoutOwner } from './environment.mjs'
import { Plain } from './errors.mjs'
import { homePath, openHome } from './home.mjs'
import { endSignal, onEnd, throwIfEnded } from './life.mjs'
import { noteInLock, sleep, takeLock } from './locks.mjs'
import { complain, elapsed, print, say, table } from './log.mjs'
import { application, ROOT } from './paths.mjs'
import { requirePort } from './ports.mjs'
import { endLeftovers, keepRunning, startService } from './processes.mjs'
import { stampsOf } from './stamps.mjs'
import { buildAssets, generateIndexes, prepareDatabase } from './steps.mjs'

const READY_TIMEOUT = 180_000

export default async function start(_args, command) {
  const app = chooseApplication(command)
  const home = await openHome()
  const lock = path.join(home, 'portal.lock')
  const release = await takeHome(lock)
  try {
    const env = await baseEnvironment(command === 'dev' ? 'dev' : 'start', home)
    await requirePort(Number(env.PORT), env.HOST)
    noteInLock(lock, { url: env.APP_URL })
    if (!process.env.DATABASE_URL) await backupBeforeMigrating(app, home)
    const database = await openDatabase(home, env)
    try {
      const full = { ...env, ...database.urls }
      throwIfEnded()
      await generateIndexes(app, full)
      const assets = command === 'dev' ? null : buildAssets(app, full)
      await both(prepareDatabase({ app, env: full, home, stamps: stampsOf(home) }), assets)
      await serve({ app, command, env: withoutOwner(full), home, lock, cluster: database.cluster })
    } finally {
      if (await database.leave()) say('database stopped')
    }
  } finally {
    release()
  }
  return 0
}

function chooseApplication(command) {
  if (command !== 'start-build') return application(ROOT)
  const app = application(path.join(ROOT, 'build'))
  if (app.has('server')) return app
  throw new Plain('There is no production build: make it with `npm run build`.')
}

/** Both to their end, so that the failure of one leaves no half-done other behind. */
async function both(...steps) {
  const results = await Promise.allSettled(steps)
  const bad = results.find((result) => result.status === 'rejected')
  if (bad) throw bad.reason
  throwIfEnded()
}

async function takeHome(file) {
  const lock = takeLock(file)
  if (!lock.taken) {
    const where = lock.holder?.url ? ` at ${lock.holder.url}` : ''
    throw new Plain(
      `HashInsight already runs with ${homePath()}${where} (process ${lock.holder?.pid}): ` +
        'stop it, or set PORTAL_HOME and PORT for a second one.'
    )
  }
  if (lock.previous?.services) await endLeftovers(lock.previous.services)
  return lock.release
}

async function serve({ app, command, env, home, lock, cluster }) {
  const services = {}
  const note = () => {
    const list = Object.values(services).map((service) => service.current()?.who)
    noteInLock(lock, { services: list.filter(Boolean) })
  }
  const keep = (name, args, options) => {
    const begin = () => startService(args, { env, cwd: app.root, ...options })
    services[name] = keepRunning(name, begin, { onStart: () => setImmediate(note) })
  }
  // `serve` leaves its child behind on SIGTERM, on SIGINT it does not.
  if (command === 'dev') keep('web', app.ace('serve', '--hmr'), { endWith: 'SIGINT' })
  else keep('web', app.entry('server'))
  if (app.has('worker')) keep('worker', app.entry('worker'))
  try {
    const ended = new Promise((resolve) => onEnd(resolve))
    const broken = firstBroken(services)
    const watch = watchDatabase(cluster)
    await Promise.race([announce({ env, home, services }), ended, broken, watch])
    if (!endSignal()) playDemo({ app, env, home, keep })
    await Promise.race([ended, broken, watch])
  } finally {
    if (endSignal()) say('stopping')
    await Promise.all(Object.values(services).map((service) => service.stop()))
  }
}

/** Simulated sites for the demo's pages, apart from the portal: it goes on without them. */
function playDemo({ app, env, home, keep }) {
  if (env.DEMO === '0' || !fs.existsSync(path.join(home, 'demo-fleet.json'))) return
  const bin = `edge-collector/bin/hashinsight-edge.${app.built ? 'js' : 'ts'}`
  const { PATH, HOME, TZ, LANG } = env
  const args = ['demo', '--home', home, '--portal', portalUrl(env)]
  // It needs no password of ours.
  keep('demo fleet', [...app.script(bin), ...args], { env: { PATH, HOME, TZ, LANG } })
}

const firstBroken = (services) =>
  Promise.race(
    Object.entries(services).map(async ([name, service]) => {
      const code = await service.finished
      if (code === null) return new Promise(() => {})
      throw new Plain(`The ${name} process cannot start (exit code ${code}; see the lines above).`)
    })
  )

/** A database that was killed is started again on its port; the pools of the app reconnect. */
async function watchDatabase(cluster) {
  if (!cluster) return new Promise(() => {})
  let server = cluster
  for (;;) {
    await sleep(1000)
    if (endSignal()) return
    if (server.isAlive(server.pid)) continue
    complain('the database ended unexpectedly; starting it again')
    server = { ...server, ...(await cluster.revive()) }
  }
}

/** As this machine reaches it. */
function portalUrl({ HOST, PORT }) {
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[HOST] ?? HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`
}

async function announce({ env, home, services }) {
  const url = `${portalUrl(env)}/health/ready`
  const until = Date.now() + READY_TIMEOUT
  while (!(await answers(url))) {
    if (endSignal()) return
    if (Date.now() > until) {
      throw new Plain(`The portal did not become ready within ${READY_TIMEOUT / 1000} s.`)
    }
    await sleep(100)
  }
  for (const service of Object.values(services)) service.proven()
  print()
  print(`  HashInsight is ready at ${env.APP_URL}  (${elapsed()})`)
  showDemo(home)
  print()
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'manual' })
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

function showDemo(home) {
  try {
    const accounts = JSON.parse(fs.readFileSync(path.join(home, 'demo.json'), 'utf8'))
    if (accounts.length === 0) return
    print('\n  Demo sign-ins (made-up data):')
    print(table(accounts.map(({ role, email, password }) => ({ role, email, password }))))
  } catch {
    // no demo data
  }
}
