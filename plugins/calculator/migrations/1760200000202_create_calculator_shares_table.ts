import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant, openToLogin } from '#core/schema'

/** Links that show one frozen result to whoever holds them. Of the link only a hash is kept. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table calculator_shares (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        scenario_id uuid not null,
        customer_id uuid,
        token_hash bytea not null,
        name text not null check (length(name) between 1 and 80),
        frozen jsonb not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        views integer not null default 0 check (views >= 0),
        last_viewed_at timestamptz,
        created_by uuid,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, scenario_id) references calculator_scenarios (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers (tenant_id, id)
      )`)
    this.schema.raw('create index calculator_shares_hash on calculator_shares (token_hash)')
    this.schema.raw(
      'create index calculator_shares_scenario on calculator_shares (tenant_id, scenario_id)'
    )
    confineToTenant(this.schema, 'calculator_shares', { customer: 'customer_id' })
    openToLogin(
      this.schema,
      'calculator_shares',
      'whoever holds a link has no tenant: the link is found by its hash, and its visits are counted',
      ['select', 'update']
    )
  }

  async down() {
    this.schema.dropTable('calculator_shares')
  }
}
