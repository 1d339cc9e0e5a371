import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** Hosting clients of a tenant. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table customers (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        code text not null check (length(code) between 1 and 24),
        name text not null check (length(name) between 1 and 120),
        email citext,
        archived_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, code)
      )`)
    confineToTenant(this.schema, 'customers', { customer: 'id' })
  }

  async down() {
    this.schema.dropTable('customers')
  }
}
