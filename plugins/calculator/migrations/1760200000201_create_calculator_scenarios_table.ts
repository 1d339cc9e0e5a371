import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/**
 * Questions to the calculator that somebody wants to come back to, each with the answer it got when
 * it was saved. What a hosting client saves belongs to their customer.
 */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table calculator_scenarios (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        customer_id uuid,
        kind text not null check (kind in ('day', 'projection')),
        name text not null check (length(name) between 1 and 80),
        note text check (length(note) <= 500),
        query jsonb not null,
        miner text,
        answer jsonb not null,
        answered_at timestamptz not null,
        profit_cents bigint not null,
        created_by uuid,
        archived_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers (tenant_id, id)
      )`)
    confineToTenant(this.schema, 'calculator_scenarios', { customer: 'customer_id' })
  }

  async down() {
    this.schema.dropTable('calculator_scenarios')
  }
}
