import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** Days of a site, by its own clock, whose five minutes were rolled up since. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_days_due (
        tenant_id uuid not null references tenants (id),
        site_id uuid not null,
        day date not null,
        marked_at timestamptz not null default now(),
        primary key (tenant_id, site_id, day),
        foreign key (tenant_id, site_id) references sites (tenant_id, id)
      )`)
    confineToTenant(this.schema, 'fleet_days_due', { site: 'site_id' })
  }

  async down() {
    this.schema.dropTable('fleet_days_due')
  }
}
