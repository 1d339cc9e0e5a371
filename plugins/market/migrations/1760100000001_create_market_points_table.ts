import { BaseSchema } from '@adonisjs/lucid/schema'
import { shareWithTenants } from '#core/schema'

/** Values of a series in time, each with the source that said so. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table market_points (
        series text not null check (series in ('price_usd', 'difficulty', 'network_hashrate_ths')),
        at timestamptz not null,
        source text not null check (length(source) between 1 and 80),
        value double precision not null check (value > 0 and value < 'Infinity'),
        imported_at timestamptz not null default now(),
        primary key (series, at, source)
      )`)
    shareWithTenants(
      this.schema,
      'market_points',
      'prices and network figures are the same for all'
    )
  }

  async down() {
    this.schema.dropTable('market_points')
  }
}
