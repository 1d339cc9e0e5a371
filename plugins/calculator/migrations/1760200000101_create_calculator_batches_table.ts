import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** A file of miners to be priced: what was sent, how it is read, and how far the work is. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table calculator_batches (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        customer_id uuid,
        name text not null check (length(name) between 1 and 120),
        state text not null default 'draft'
          check (state = any (array['draft', 'waiting', 'running', 'done', 'failed', 'cancelled'])),
        failure text,
        failure_line integer,
        byte_count bigint not null default 0,
        line_estimate integer not null default 0,
        reading jsonb not null default '{}',
        shared jsonb not null default '{}',
        context jsonb,
        totals jsonb not null default '{}',
        lines_done integer not null default 0,
        rows_priced integer not null default 0,
        rows_refused integer not null default 0,
        run_id uuid,
        created_by uuid,
        started_at timestamptz,
        finished_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers (tenant_id, id)
      )`)
    this.schema.raw(
      'create index calculator_batches_by_time on calculator_batches (tenant_id, created_at desc)'
    )
    confineToTenant(this.schema, 'calculator_batches', { customer: 'customer_id' })
  }

  async down() {
    this.schema.dropTable('calculator_batches')
  }
}
