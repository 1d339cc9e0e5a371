import { BaseSchema } from '@adonisjs/lucid/schema'
import { shareWithTenants } from '#core/schema'

/** The catalogue of miners: published nameplate figures with the strength of their evidence. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table calculator_models (
        id uuid primary key,
        maker text not null,
        name text not null,
        hashrate_ths double precision not null check (hashrate_ths > 0),
        power_w double precision not null check (power_w > 0),
        cooling text not null,
        released text,
        evidence char(1) not null check (evidence in ('A', 'B', 'C')),
        evidence_note text,
        source text not null,
        unique (maker, name)
      )`)
    shareWithTenants(
      this.schema,
      'calculator_models',
      'the catalogue of miners is the same for all'
    )
  }

  async down() {
    this.schema.dropTable('calculator_models')
  }
}
