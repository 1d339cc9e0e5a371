/** The installation's database, and throw-away databases cloned from a prepared template. */
import path from 'node:path'
import { databaseUrls, externalUrls } from './environment.mjs'
import { isAlive, processStart, withMutex } from './locks.mjs'
import { say } from './log.mjs'
import { joinCluster } from './postgres.mjs'
import {
  cloneDatabase,
  connect,
  DATABASE,
  ensureDatabase,
  ensureRoles,
  readPasswords,
  rolesStamp,
  withClient,
} from './roles.mjs'
import { prepareStamp, stampsOf } from './stamps.mjs'
import { runPrepare } from './steps.mjs'

/** { urls, cluster } of the installation: the user's own PostgreSQL or the bundled one. */
export async function openDatabase(home, env) {
  if (process.env.DATABASE_URL) {
    return { urls: externalUrls(env), cluster: null, leave: async () => {} }
  }
  const began = performance.now()
  const stamps = stampsOf(home)
  const passwords = await readPasswords(home, 'database.json')
  const onNew = () => stamps.forget('roles', 'prepare')
  const cluster = await joinCluster(home, 'pg', { onNew })
  try {
    if (stamps.get('roles') !== rolesStamp(passwords)) {
      await withMutex(path.join(home, 'roles.lock'), async () => {
        await ensureRoles(cluster, passwords)
        await ensureDatabase(cluster, DATABASE)
      })
      stamps.set('roles', rolesStamp(passwords))
    }
  } catch (error) {
    await cluster.leave()
    throw error
  }
  const how = cluster.fresh ? 'new' : cluster.attached ? 'was running' : 'started'
  const ms = Math.round(performance.now() - began)
  say(`PostgreSQL on 127.0.0.1:${cluster.port} (${how}, ${ms} ms)`)
  return { urls: databaseUrls(cluster, DATABASE, passwords), cluster, leave: () => cluster.leave() }
}

/**
 * A clone of the prepared template of `name` (test-pg or bench-pg), for this run only. The
 * template takes no connections: CREATE DATABASE … TEMPLATE needs it to be alone.
 */
export async function openThrowAway({ app, home, name, volatile, env }) {
  const passwords = await readPasswords(home, `${name}.json`)
  const stamps = stampsOf(home)
  const key = `roles:${name}`
  const cluster = await joinCluster(home, name, { volatile, onNew: () => stamps.forget(key) })
  const database = `run_${process.pid}_${Date.now().toString(36)}`
  const drop = () =>
    withClient(cluster.url('postgres'), (client) =>
      client.query(`drop database if exists ${database} with (force)`)
    )
  const leave = async () => {
    await drop().catch(() => {})
    await cluster.leave()
  }
  try {
    await withMutex(path.join(home, `${name}.template.lock`), async () => {
      const current = rolesStamp(passwords)
      if (stamps.get(key) !== current) {
        await ensureRoles(cluster, passwords)
        stamps.set(key, current)
      }
      const template = `template_${prepareStamp(app.root, current).slice(0, 16)}`
      await ensureTemplate({ app, cluster, template, passwords, env })
      await withClient(cluster.url('postgres'), async (client) => {
        await dropLeftovers(client, template)
        await cloneDatabase(client, template, database)
      })
    })
  } catch (error) {
    await leave()
    throw error
  }
  return { urls: databaseUrls(cluster, database, passwords), database, cluster, leave }
}

/** Made under another name and renamed when whole: a failed migration leaves no template. */
async function ensureTemplate({ app, cluster, template, passwords, env }) {
  const client = await connect(cluster.url('postgres'))
  try {
    const known = await client.query('select from pg_database where datname = $1', [template])
    if (known.rowCount > 0) return
    const raw = `${template}_new`
    await client.query(`drop database if exists ${raw} with (force)`)
    await ensureDatabase(cluster, raw)
    await runPrepare(app, { ...env, ...databaseUrls(cluster, raw, passwords) }, '--test')
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`,
      [raw]
    )
    await client.query(`alter database ${raw} rename to ${template}`)
    await client.query(`alter database ${template} allow_connections false is_template true`)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Clones of runs that were killed, and templates of earlier code. */
async function dropLeftovers(client, template) {
  const { rows } = await client.query(
    `select datname as name from pg_database where datname ~ '^(run|template)_[0-9a-f]' `
  )
  for (const { name } of rows) {
    if (name === template) continue
    const pid = Number(/^run_(\d+)_/.exec(name)?.[1] ?? 0)
    if (pid && isAlive({ pid, started: processStart(pid) })) continue
    if (!pid) await client.query(`alter database ${name} is_template false`)
    await client.query(`drop database if exists ${name} with (force)`)
  }
}
