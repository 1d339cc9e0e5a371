import { BaseSchema } from '@adonisjs/lucid/schema'
import { allow, confineToTenant, openToLogin } from '#core/schema'

/** Who may act in which tenant, as what, how far and from when until when (null = for ever). */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table memberships (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        user_id uuid not null references users (id),
        role text not null check (role in ('mining_site_owner', 'operator', 'client')),
        site_ids uuid[],
        customer_id uuid,
        valid_from timestamptz not null default now(),
        valid_until timestamptz,
        suspended_at timestamptz,
        created_by uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, user_id),
        check (valid_until is null or valid_until > valid_from),
        check ((role = 'client') = (customer_id is not null)),
        foreign key (tenant_id, customer_id) references customers (tenant_id, id)
      )`)
    this.schema.raw('create index memberships_user on memberships (user_id)')
    confineToTenant(this.schema, 'memberships')
    openToLogin(
      this.schema,
      'memberships',
      'signing in asks for memberships before there is a tenant',
      ['select']
    )
    this.seeOwnMembers()
  }

  /** The app role may know the names of the members of its own tenant, and nothing secret. */
  private seeOwnMembers() {
    this.schema.raw('alter table users enable row level security')
    this.schema.raw('alter table users force row level security')
    this.schema.raw(`
      create policy members on users to hi_app
      using (exists (select 1 from memberships where memberships.user_id = users.id))`)
    this.schema.raw('create policy login on users to hi_login using (true) with check (true)')
    allow(
      this.schema,
      'policy:users.members',
      'people are global: sees those with a membership here'
    )
    allow(this.schema, 'policy:users.login', 'people are global: the sign-in role keeps them')
    this.schema.raw(`
      grant select (id, email, full_name, locale, email_verified_at, totp_enabled_at, suspended_at, created_at)
      on users to hi_app`)
  }

  async down() {
    this.schema.raw('drop policy members on users')
    this.schema.raw('drop policy login on users')
    this.schema.raw('alter table users disable row level security')
    this.schema.dropTable('memberships')
  }
}
