/** What the children are told. The contract is in docs; every name here is part of it. */
import { createHash } from 'node:crypto'
import { Plain } from './errors.mjs'
import { applicationKeys } from './home.mjs'
import { freePort, parsePort } from './ports.mjs'

const MODES = { dev: 'development', test: 'test' }
const urlHost = (host) => (host.includes(':') ? `[${host}]` : host)

/** Without the databases. Our own HI_… helpers stay ours. */
export async function baseEnvironment(command, home) {
  const { HI_BOOTSTRAPPED, HI_STARTED_AT, HI_PARENT, ...env } = process.env
  const keys = await applicationKeys(home)
  env.NODE_ENV = MODES[command] ?? 'production'
  env.PORTAL_HOME = home
  env.HOST ||= '127.0.0.1'
  const port = parsePort(env.PORT || '3333')
  env.PORT = String(port === 0 ? await freePort() : port)
  env.APP_URL ||= `http://${urlHost(env.HOST)}:${env.PORT}`
  env.APP_KEY = keys.current
  if (keys.previous) env.APP_KEY_PREVIOUS = keys.previous
  env.DEMO ||= '1'
  env.LOG_LEVEL ||= 'info'
  return env
}

/** URLs of one database of our own cluster, one per role. */
export function databaseUrls(cluster, database, passwords) {
  const url = (role) => cluster.url(database, role, passwords[role])
  return {
    DATABASE_URL: url('hi_app'),
    LOGIN_DATABASE_URL: url('hi_login'),
    QUEUE_DATABASE_URL: url('hi_jobs'),
    INGEST_DATABASE_URL: url('hi_ingest'),
    DATABASE_OWNER_URL: url('hi_owner'),
  }
}

/** For commands that use no database but check that one is configured. */
export const nowhereUrls = () => {
  const nowhere = 'postgres://nobody@127.0.0.1:1/none'
  return { DATABASE_URL: nowhere, LOGIN_DATABASE_URL: nowhere, QUEUE_DATABASE_URL: nowhere }
}

/** A PostgreSQL of the user's. Each login has its own rights, so that none can stand in for another. */
export function externalUrls(env) {
  const needed = ['DATABASE_URL', 'LOGIN_DATABASE_URL']
  if (!env.REDIS_URL) needed.push('QUEUE_DATABASE_URL')
  const urls = {}
  for (const name of needed) {
    if (!env[name]) {
      throw new Plain(`With DATABASE_URL, ${name} must be set too: docs/operations.md tells how.`)
    }
    checkUrl(name, env[name])
    urls[name] = env[name]
  }
  if (env.INGEST_DATABASE_URL) {
    checkUrl('INGEST_DATABASE_URL', env.INGEST_DATABASE_URL)
    urls.INGEST_DATABASE_URL = env.INGEST_DATABASE_URL
  }
  if (env.DATABASE_OWNER_URL) {
    checkUrl('DATABASE_OWNER_URL', env.DATABASE_OWNER_URL)
    urls.DATABASE_OWNER_URL = env.DATABASE_OWNER_URL
  }
  return urls
}

function checkUrl(name, text) {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new Plain(`${name} must be a URL like postgres://user:password@host:5432/database.`)
  }
}

/** Web and worker never get the owner's login. */
export function withoutOwner({ DATABASE_OWNER_URL, ...env }) {
  return env
}

/** A throw-away run: own ports, no demo data, quiet, a key that opens nothing else. */
export async function testEnvironment(command, home) {
  const base = await baseEnvironment(command, home)
  const [port, hmr] = [await freePort(), await freePort()]
  return {
    ...base,
    NODE_ENV: command === 'test' ? 'test' : 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    APP_URL: `http://127.0.0.1:${port}`,
    APP_KEY: createHash('sha256').update(`${base.APP_KEY}:test`).digest('base64url'),
    VITE_HMR_PORT: String(hmr),
    DEMO: '0',
    // Tests that want figures start a server of their own and turn this on.
    MARKET_FEEDS: '0',
    LOG_LEVEL: process.env.LOG_LEVEL || 'fatal',
  }
}
