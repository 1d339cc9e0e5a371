import { BaseSchema } from '@adonisjs/lucid/schema'
import { keepForLogin } from '#core/schema'

/** Sessions, single-use links, recovery codes, throttles and the history of signing in. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table sessions (
        id_hash bytea primary key,
        user_id uuid references users (id) on delete cascade,
        data jsonb not null,
        ip inet,
        user_agent text,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now()
      )`)
    this.schema.raw('create index sessions_user on sessions (user_id)')
    this.schema.raw('create index sessions_last_seen on sessions (last_seen_at)')
    keepForLogin(this.schema, 'sessions', 'a session exists before anybody knows the tenant')

    this.schema.raw(`
      create table one_time_tokens (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        purpose text not null check (purpose in ('verify_email', 'reset_password')),
        token_hash bytea not null unique,
        email citext not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        created_at timestamptz not null default now()
      )`)
    keepForLogin(this.schema, 'one_time_tokens', 'mailed links of people, who are global')

    this.schema.raw(`
      create table recovery_codes (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        code_hash text not null,
        used_at timestamptz,
        created_at timestamptz not null default now()
      )`)
    keepForLogin(this.schema, 'recovery_codes', 'second factors of people, who are global')

    this.schema.raw(`
      create table sign_in_throttles (
        key text primary key,
        failures integer not null,
        last_failure_at timestamptz not null,
        blocked_until timestamptz
      )`)
    keepForLogin(this.schema, 'sign_in_throttles', 'counts failures before anybody is known')

    this.schema.raw(`
      create table sign_ins (
        id uuid primary key,
        user_id uuid references users (id) on delete cascade,
        outcome text not null,
        ip inet,
        user_agent text,
        at timestamptz not null default now()
      )`)
    this.schema.raw('create index sign_ins_user on sign_ins (user_id, at desc)')
    keepForLogin(this.schema, 'sign_ins', 'history of people, who are global')

    this.schema.raw(`
      create table rate_limits (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      )`)
    keepForLogin(this.schema, 'rate_limits', 'counters of the limiter, by network or token')
  }

  async down() {
    for (const table of [
      'rate_limits',
      'sign_ins',
      'sign_in_throttles',
      'recovery_codes',
      'one_time_tokens',
      'sessions',
    ]) {
      this.schema.dropTable(table)
    }
  }
}
