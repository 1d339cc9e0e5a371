/*
|--------------------------------------------------------------------------
| Environment
|--------------------------------------------------------------------------
|
| scripts/run.mjs fills in everything that is not set, so that `npm start`
| needs none of it. docs/operations.md lists what a person may set.
|
*/

import { Env } from '@adonisjs/core/env'

export default await Env.create(new URL('../', import.meta.url), {
  NODE_ENV: Env.schema.enum(['development', 'production', 'test'] as const),
  PORT: Env.schema.number(),
  HOST: Env.schema.string(),
  LOG_LEVEL: Env.schema.string.optional(),
  APP_KEY: Env.schema.secret(),
  APP_KEY_PREVIOUS: Env.schema.secret.optional(),
  APP_URL: Env.schema.string({ format: 'url', tld: false }),
  PORTAL_HOME: Env.schema.string(),
  DEMO: Env.schema.string.optional(),
  TRUST_PROXY: Env.schema.string.optional(),

  /** hi_app: tenant data, always inside a scope. */
  DATABASE_URL: Env.schema.string(),
  /** hi_login: users, sessions, invitations, tokens, the outbox. */
  LOGIN_DATABASE_URL: Env.schema.string(),
  /** hi_owner: migrations; only console commands have it. */
  DATABASE_OWNER_URL: Env.schema.string.optional(),
  /** hi_jobs: the queue's own schema and nothing else. */
  QUEUE_DATABASE_URL: Env.schema.string.optional(),
  /** hi_ingest: may add samples of miners and nothing else; without it collectors are refused. */
  INGEST_DATABASE_URL: Env.schema.string.optional(),
  REDIS_URL: Env.schema.string.optional(),
  SMTP_URL: Env.schema.string.optional(),
  /** Hosts of the own network that may be asked: `127.0.0.1:18443,node.local:8332`. */
  OUTSIDE_PRIVATE_HOSTS: Env.schema.string.optional(),
  /** 0: market figures are never fetched. */
  MARKET_FEEDS: Env.schema.string.optional(),
})
