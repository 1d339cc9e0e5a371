/**
 * The database's logins and what each may do at all. Tables are granted by the migrations; here
 * are only the doors. Nothing is granted by default to hi_app: a migration that forgets a grant
 * fails loudly instead of opening a table.
 */
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { withMutex } from './locks.mjs'

export const DATABASE = 'hashinsight'
const ROLES = {
  hi_owner: 'nobypassrls',
  hi_app: 'nobypassrls',
  hi_login: 'nobypassrls',
  hi_jobs: 'nobypassrls',
  hi_ingest: 'bypassrls',
}
const NAMES = Object.keys(ROLES)
const EXTENSIONS = ['pgcrypto', 'pg_trgm', 'btree_gist', 'citext']
const QUIET = 'set log_min_error_statement = panic; set log_statement = none; '

const roleSql = (passwords) =>
  NAMES.map(
    (name) => `
    do $$ begin create role ${name}; exception when duplicate_object then null; end $$;
    alter role ${name} login nosuperuser nocreatedb nocreaterole noreplication noinherit
      ${ROLES[name]} password '${passwords[name]}';`
  ).join('')

/** Not copied by CREATE DATABASE … TEMPLATE: said again for every clone. */
const databaseSql = (database) => `
  revoke all on database ${database} from public;
  revoke all on database ${database} from ${NAMES.join(', ')};
  grant connect, temporary, create on database ${database} to hi_owner;
  grant connect on database ${database} to ${NAMES.join(', ')};
  grant temporary on database ${database} to hi_app;`

const SCHEMA_SQL = `
  alter schema public owner to hi_owner;
  revoke all on schema public from public, hi_jobs;
  grant usage on schema public to hi_app, hi_login, hi_ingest;
  ${EXTENSIONS.map((name) => `create extension if not exists ${name} schema public;`).join(' ')}
  create schema if not exists bullmq authorization hi_owner;
  alter schema bullmq owner to hi_owner;
  revoke all on schema bullmq from public;
  grant usage, create on schema bullmq to hi_jobs;
  alter default privileges for role hi_owner in schema bullmq
    grant select, insert, update, delete, truncate on tables to hi_jobs;
  alter default privileges for role hi_owner in schema bullmq
    grant usage, select, update on sequences to hi_jobs;
  alter default privileges for role hi_owner in schema bullmq
    grant execute on functions to hi_jobs;
  -- BullMQ makes a sequence per queue at run time; the owner must be able to back it up.
  alter default privileges for role hi_jobs in schema bullmq grant all on tables to hi_owner;
  alter default privileges for role hi_jobs in schema bullmq grant all on sequences to hi_owner;`

/** Random, in one file, made before the roles: a crash in between leaves nothing unknown. */
export function readPasswords(home, file) {
  const full = path.join(home, file)
  return withMutex(path.join(home, 'setup.lock'), () => {
    let known = {}
    try {
      known = JSON.parse(fs.readFileSync(full, 'utf8'))
    } catch {
      // first start, or the file was removed: new passwords, applied to the roles below
    }
    if (NAMES.every((name) => known[name])) return known
    for (const name of NAMES) known[name] ??= randomBytes(24).toString('base64url')
    fs.writeFileSync(`${full}.new`, JSON.stringify(known, null, 2) + '\n', { mode: 0o600 })
    fs.renameSync(`${full}.new`, full)
    return known
  })
}

/** What the roles and grants depend on: when it is as stamped there is nothing to do. */
export const rolesStamp = (passwords) =>
  createHash('sha256')
    .update(roleSql(passwords) + databaseSql(DATABASE) + SCHEMA_SQL)
    .digest('hex')
    .slice(0, 32)

export async function connect(url) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 })
  // The server may be stopped while a connection idles; the next query reports it.
  client.on('error', () => {})
  await client.connect()
  return client
}

export async function withClient(url, fn) {
  const client = await connect(url)
  try {
    return await fn(client)
  } finally {
    await client.end().catch(() => {})
  }
}

export const ensureRoles = (cluster, passwords) =>
  withClient(cluster.url('postgres'), async (client) => {
    await client.query(QUIET + roleSql(passwords))
    await client.query('revoke connect, temporary on database postgres, template1 from public')
  })

/** Makes the database when it is missing and sets owner, extensions and doors. */
export async function ensureDatabase(cluster, database) {
  await withClient(cluster.url('postgres'), async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      database,
    ])
    if (rowCount === 0) await client.query(`create database ${database} owner hi_owner`)
    else await client.query(`alter database ${database} owner to hi_owner`)
    await client.query(databaseSql(database))
  })
  await withClient(cluster.url(database), (client) => client.query(SCHEMA_SQL))
}

export const cloneDatabase = (client, template, database) =>
  client
    .query(`create database ${database} template ${template} strategy wal_log owner hi_owner`)
    .then(() => client.query(databaseSql(database)))
