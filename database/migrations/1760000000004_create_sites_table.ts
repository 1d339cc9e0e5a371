import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** Places where miners stand. Their zone of time rules billing days. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table sites (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        code text not null check (length(code) between 1 and 24),
        name text not null check (length(name) between 1 and 120),
        time_zone text not null,
        country char(2),
        capacity_kw double precision check (capacity_kw >= 0),
        archived_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, code)
      )`)
    confineToTenant(this.schema, 'sites', { site: 'id' })
  }

  async down() {
    this.schema.dropTable('sites')
  }
}
