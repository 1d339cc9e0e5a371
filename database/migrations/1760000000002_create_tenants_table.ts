import { BaseSchema } from '@adonisjs/lucid/schema'
import { allow, openToLogin } from '#core/schema'

/** The companies that run their business on this installation. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table tenants (
        id uuid primary key,
        slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,40}$'),
        name text not null check (length(name) between 1 and 120),
        currency char(3) not null default 'USD',
        is_demo boolean not null default false,
        suspended_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`)
    allow(this.schema, 'tenants', 'the row is the tenant: its policy compares id')
    this.schema.raw('alter table tenants enable row level security')
    this.schema.raw('alter table tenants force row level security')
    this.schema.raw(
      `create policy tenant on tenants to hi_app using (id = current_setting('app.tenant_id')::uuid)`
    )
    this.schema.raw('grant select on tenants to hi_app')
    this.schema.raw('grant update (name, currency, updated_at) on tenants to hi_app')
    openToLogin(this.schema, 'tenants', 'tenants are made and chosen before there is a scope')
    allow(this.schema, 'policy:tenants.tenant', 'compares id, which is the tenant itself')
  }

  async down() {
    this.schema.dropTable('tenants')
  }
}
