import { BaseSchema } from '@adonisjs/lucid/schema'
import { shareWithTenants } from '#core/schema'

/** Difficulty epochs of the chain: 2,016 blocks each, with the target that held for them. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table market_epochs (
        epoch integer primary key check (epoch >= 0),
        first_height integer not null check (first_height = epoch * 2016),
        bits integer not null check (bits > 0),
        difficulty double precision not null check (difficulty > 0 and difficulty < 'Infinity'),
        first_block_at timestamptz,
        last_block_at timestamptz check (last_block_at > first_block_at),
        source text not null check (length(source) between 1 and 80),
        imported_at timestamptz not null default now()
      )`)
    shareWithTenants(this.schema, 'market_epochs', 'the chain is the same for all')
  }

  async down() {
    this.schema.dropTable('market_epochs')
  }
}
