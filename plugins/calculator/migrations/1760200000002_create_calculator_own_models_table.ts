import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** Miners that a tenant measured or tuned itself. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table calculator_own_models (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        name text not null check (length(name) between 1 and 80),
        hashrate_ths double precision not null check (hashrate_ths > 0),
        power_w double precision not null check (power_w > 0),
        note text check (length(note) <= 200),
        created_by uuid,
        archived_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id)
      )`)
    confineToTenant(this.schema, 'calculator_own_models')
  }

  async down() {
    this.schema.dropTable('calculator_own_models')
  }
}
