import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** A person's own views of a table: filters, sorting, columns. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table saved_views (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        user_id uuid not null references users (id),
        table_key text not null,
        name text not null check (length(name) between 1 and 60),
        query jsonb not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, user_id, table_key, name)
      )`)
    confineToTenant(this.schema, 'saved_views')
  }

  async down() {
    this.schema.dropTable('saved_views')
  }
}
