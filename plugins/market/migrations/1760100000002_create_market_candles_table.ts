import { BaseSchema } from '@adonisjs/lucid/schema'
import { shareWithTenants } from '#core/schema'

/** Open, high, low, close of a span of time that begins at `at`. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table market_candles (
        span text not null check (span in ('1d', '1h')),
        at timestamptz not null,
        source text not null check (length(source) between 1 and 80),
        open_usd double precision not null check (open_usd > 0),
        high_usd double precision not null check (high_usd >= open_usd and high_usd >= close_usd),
        low_usd double precision not null check (low_usd > 0 and low_usd <= open_usd and low_usd <= close_usd),
        close_usd double precision not null,
        volume double precision check (volume >= 0),
        imported_at timestamptz not null default now(),
        primary key (span, at, source)
      )`)
    shareWithTenants(this.schema, 'market_candles', 'prices are the same for all')
  }

  async down() {
    this.schema.dropTable('market_candles')
  }
}
