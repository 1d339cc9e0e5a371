import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

const KEY = 'tenant_id uuid not null references tenants (id), id uuid not null'
const SITE = 'foreign key (tenant_id, site_id) references sites (tenant_id, id)'
const COLLECTOR =
  'foreign key (tenant_id, collector_id) references fleet_collectors (tenant_id, id)'

const WHAT = `
  miner_key text not null check (length(miner_key) between 4 and 126),
  ip text not null,
  mac text,
  serial_number text,
  driver text not null,
  evidence text not null check (evidence in ('recorded', 'constructed', 'none')),
  make text,
  model text,
  firmware_family text,
  firmware_version text,
  hostname text`

/** Machines: those that scans found, those that are ours, and what befell them. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_counters (
        tenant_id uuid not null references tenants (id),
        next_miner_no integer not null default 1,
        primary key (tenant_id)
      )`)
    confineToTenant(this.schema, 'fleet_counters')

    // `no` keeps telemetry rows small; it is the miner's number for people too.
    this.schema.raw(`
      create table fleet_miners (
        ${KEY},
        no integer not null check (no > 0),
        site_id uuid not null,
        zone_id uuid,
        customer_id uuid,
        collector_id uuid not null,
        ${WHAT},
        name text check (length(name) <= 80),
        model_raw text,
        control_board text,
        psu_serial_number text,
        algorithm text not null default 'sha256d',
        nameplate_hashrate_ths double precision,
        rack text check (length(rack) <= 40),
        shelf integer check (shelf between 0 and 1000),
        position integer check (position between 0 and 10000),
        status text not null default 'active'
          check (status in ('active', 'maintenance', 'retired', 'merged')),
        merged_into uuid,
        notes text check (length(notes) <= 2000),
        detail jsonb,
        detail_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, no),
        foreign key (tenant_id, zone_id) references zones (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers (tenant_id, id),
        ${COLLECTOR},
        ${SITE}
      )`)
    this.schema.raw(`
      create unique index fleet_miners_key on fleet_miners (tenant_id, site_id, miner_key)
        where status not in ('merged', 'retired')`)
    this.schema.raw('create index fleet_miners_collector on fleet_miners (tenant_id, collector_id)')
    confineToTenant(this.schema, 'fleet_miners', { site: 'site_id', customer: 'customer_id' })

    this.schema.raw(`
      create table fleet_scans (
        ${KEY},
        site_id uuid not null,
        collector_id uuid not null,
        started_at timestamptz not null,
        finished_at timestamptz not null,
        addresses integer not null,
        found integer not null default 0,
        changes jsonb not null default '{}',
        primary key (tenant_id, id),
        ${COLLECTOR},
        ${SITE}
      )`)
    confineToTenant(this.schema, 'fleet_scans', { site: 'site_id' })

    this.schema.raw(`
      create table fleet_found (
        ${KEY},
        site_id uuid not null,
        collector_id uuid not null,
        scan_id uuid not null,
        ${WHAT},
        state text not null
          check (state in ('new', 'accepted', 'moved', 'duplicate', 'unknown', 'ignored', 'gone')),
        miner_id uuid,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, site_id, miner_key),
        ${COLLECTOR},
        ${SITE}
      )`)
    confineToTenant(this.schema, 'fleet_found', { site: 'site_id' })

    this.schema.raw(`
      create table fleet_alarms (
        ${KEY},
        site_id uuid not null,
        collector_id uuid,
        miner_id uuid,
        kind text not null check (kind ~ '^[a-z][a-z_]*$'),
        facts jsonb not null default '{}',
        raised_at timestamptz not null default now(),
        cleared_at timestamptz,
        cleared_by uuid,
        primary key (tenant_id, id),
        ${SITE}
      )`)
    this.schema.raw(`
      create index fleet_alarms_open on fleet_alarms (tenant_id, raised_at desc)
        where cleared_at is null`)
    confineToTenant(this.schema, 'fleet_alarms', { site: 'site_id' })
  }

  async down() {
    const tables = ['alarms', 'found', 'scans', 'miners', 'counters']
    for (const table of tables) this.schema.dropTable(`fleet_${table}`)
  }
}
