import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

const COLLECTOR =
  'foreign key (tenant_id, collector_id) references fleet_collectors (tenant_id, id)'

/** Which batches came in, each once, and what of them was kept aside. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_boots (
        tenant_id uuid not null,
        collector_id uuid not null,
        boot_id uuid not null,
        ack_seq bigint not null default 0,
        first_at timestamptz not null default now(),
        primary key (tenant_id, collector_id, boot_id),
        ${COLLECTOR}
      )`)
    confineToTenant(this.schema, 'fleet_boots')

    this.schema.raw(`
      create table fleet_batches (
        tenant_id uuid not null,
        collector_id uuid not null,
        boot_id uuid not null,
        seq bigint not null,
        sha256 bytea not null,
        samples integer not null,
        quarantined integer not null,
        received_at timestamptz not null default now(),
        primary key (tenant_id, collector_id, boot_id, seq)
      )`)
    this.schema.raw('create index fleet_batches_time on fleet_batches (tenant_id, received_at)')
    confineToTenant(this.schema, 'fleet_batches')

    this.schema.raw(`
      create table fleet_quarantine (
        tenant_id uuid not null,
        id uuid not null,
        site_id uuid not null,
        collector_id uuid not null,
        boot_id uuid not null,
        seq bigint not null,
        index integer not null,
        miner_key text,
        field text not null,
        reason text not null,
        sample jsonb,
        received_at timestamptz not null default now(),
        primary key (tenant_id, id),
        ${COLLECTOR}
      )`)
    this.schema.raw(
      'create index fleet_quarantine_time on fleet_quarantine (tenant_id, received_at desc)'
    )
    confineToTenant(this.schema, 'fleet_quarantine', { site: 'site_id' })

    // Five minutes of a collector's miners that are to be rolled up (again).
    this.schema.raw(`
      create table fleet_rollup_due (
        tenant_id uuid not null,
        bucket timestamptz not null,
        collector_id uuid not null,
        marked_at timestamptz not null default now(),
        primary key (tenant_id, bucket, collector_id)
      )`)
    confineToTenant(this.schema, 'fleet_rollup_due')
  }

  async down() {
    const tables = ['rollup_due', 'quarantine', 'batches', 'boots']
    for (const table of tables) this.schema.dropTable(`fleet_${table}`)
  }
}
