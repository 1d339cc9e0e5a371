import { BaseSchema } from '@adonisjs/lucid/schema'
import { keepForLogin, shareWithTenants } from '#core/schema'

/**
 * Where live figures come from. Several processes share these rows: the bucket and the pause of a
 * host, the breaker of each feed, and who refreshes a datum at the moment.
 */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table market_providers (
        provider text primary key check (provider ~ '^[a-z][a-z0-9_]*$'),
        base_url text check (length(base_url) between 8 and 300),
        key_sealed text,
        tokens double precision not null default 0,
        tokens_at timestamptz not null default now(),
        blocked_until timestamptz
      )`)
    this.schema.raw(`
      create table market_feeds (
        datum text not null check (datum ~ '^[a-z][a-z0-9_]*$'),
        provider text not null references market_providers (provider) on delete cascade,
        position integer not null,
        enabled boolean not null default true,
        failures integer not null default 0 check (failures >= 0),
        retry_at timestamptz,
        last_success_at timestamptz,
        latency_ms integer,
        last_error text,
        last_error_detail text,
        last_error_at timestamptz,
        etag text,
        reading jsonb,
        primary key (datum, provider)
      )`)
    this.schema.raw(`
      create table market_refreshes (
        datum text primary key,
        lease_by uuid,
        lease_until timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        outcome text,
        failing_since timestamptz,
        note jsonb
      )`)
    this.schema.raw(`
      create table market_coins (
        tag text primary key check (length(tag) between 1 and 20),
        name text not null check (length(name) between 1 and 80),
        difficulty double precision not null check (difficulty > 0),
        block_reward double precision not null check (block_reward >= 0),
        block_time_s double precision not null check (block_time_s > 0),
        exchange_rate_btc double precision not null check (exchange_rate_btc >= 0),
        profit_ratio double precision,
        source text not null check (length(source) between 1 and 80),
        at timestamptz not null
      )`)
    this.schema.raw('alter table market_points add column detail jsonb')
    keepForLogin(this.schema, 'market_providers', 'keys of the installation, sealed')
    keepForLogin(this.schema, 'market_feeds', 'state of the installation, for its staff')
    keepForLogin(this.schema, 'market_refreshes', 'state of the installation, for its staff')
    shareWithTenants(this.schema, 'market_coins', 'the coins of an algorithm are the same for all')
  }

  async down() {
    this.schema.raw('alter table market_points drop column detail')
    for (const table of ['coins', 'refreshes', 'feeds', 'providers']) {
      this.schema.dropTable(`market_${table}`)
    }
  }
}
