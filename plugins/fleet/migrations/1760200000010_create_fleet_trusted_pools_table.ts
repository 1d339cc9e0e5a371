import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** Hosts of pools that a tenant's miners may work for; a `*.` at the start means all below it. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_trusted_pools (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        host text not null check (length(host) between 1 and 253 and host = lower(host)),
        note text check (length(note) <= 200),
        created_by uuid,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, host)
      )`)
    confineToTenant(this.schema, 'fleet_trusted_pools')
  }

  async down() {
    this.schema.dropTable('fleet_trusted_pools')
  }
}
