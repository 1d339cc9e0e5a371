import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** Parts of a site that are run apart: a hall, a container, a row. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table zones (
        tenant_id uuid not null,
        id uuid not null,
        site_id uuid not null,
        code text not null check (length(code) between 1 and 24),
        name text not null check (length(name) between 1 and 120),
        archived_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, site_id, code),
        foreign key (tenant_id, site_id) references sites (tenant_id, id)
      )`)
    confineToTenant(this.schema, 'zones', { site: 'site_id' })
  }

  async down() {
    this.schema.dropTable('zones')
  }
}
