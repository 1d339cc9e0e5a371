import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

const PARENT = `foreign key (tenant_id, batch_id)
          references calculator_batches (tenant_id, id) on delete cascade`

/** What belongs to a batch: its text in pieces, priced rows, refused rows with their own cells. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table calculator_batch_pieces (
        tenant_id uuid not null,
        batch_id uuid not null,
        customer_id uuid,
        number integer not null,
        bytes bytea not null,
        primary key (tenant_id, batch_id, number),
        ${PARENT}
      )`)
    this.schema.raw(`
      create table calculator_batch_rows (
        tenant_id uuid not null,
        batch_id uuid not null,
        customer_id uuid,
        line integer not null,
        name text,
        model text,
        count integer not null,
        hashrate_ths double precision not null,
        power_w double precision not null,
        usd_per_kwh double precision not null,
        pool_fee_pct double precision not null,
        sats bigint not null,
        revenue_cents bigint not null,
        electricity_cents bigint not null,
        fixed_cents bigint not null,
        profit_cents bigint not null,
        break_even_usd_per_btc double precision,
        break_even_usd_per_kwh double precision,
        primary key (tenant_id, batch_id, line),
        ${PARENT}
      )`)
    this.schema.raw(`
      create table calculator_batch_faults (
        tenant_id uuid not null,
        batch_id uuid not null,
        customer_id uuid,
        line integer not null,
        faults jsonb not null,
        cells jsonb not null,
        primary key (tenant_id, batch_id, line),
        ${PARENT}
      )`)
    for (const table of ['pieces', 'rows', 'faults']) {
      confineToTenant(this.schema, `calculator_batch_${table}`, { customer: 'customer_id' })
    }
  }

  async down() {
    for (const table of ['faults', 'rows', 'pieces']) {
      this.schema.dropTable(`calculator_batch_${table}`)
    }
  }
}
