import { BaseSchema } from '@adonisjs/lucid/schema'
import { allow, confineToTenant } from '#core/schema'

const VALUES = `
  power_w double precision,
  power_l1_w double precision,
  power_l2_w double precision,
  power_l3_w double precision,
  energy_import_wh bigint,
  energy_export_wh bigint,
  voltage_l1_v real,
  voltage_l2_v real,
  voltage_l3_v real,
  current_l1_a real,
  current_l2_a real,
  current_l3_a real,
  reactive_power_var double precision,
  power_factor real,
  frequency_hz real,
  temperature_c real,
  humidity_pct real`

/** Meters are the host's: whoever looks as a customer sees none. */
const NOT_FOR_CUSTOMERS = `current_setting('app.customer_id') = '*'`

const OF_SEEN_METERS = `${NOT_FOR_CUSTOMERS} and
  case when current_setting('app.site_ids') = '*' then true
  else meter_no in (select no from fleet_meters m
    where m.tenant_id = current_setting('app.tenant_id')::uuid) end`

/** Power meters and sensors of sites, and what they say: raw, newest, and by five minutes. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(
      'alter table fleet_counters add column next_meter_no integer not null default 1'
    )
    this.schema.raw(`
      create table fleet_meters (
        tenant_id uuid not null references tenants (id),
        id uuid not null,
        no integer not null check (no > 0),
        site_id uuid not null,
        zone_id uuid,
        collector_id uuid not null,
        name text not null check (length(name) between 1 and 80),
        measures text not null check (measures in ('site', 'zone', 'feed', 'container', 'room')),
        ip text not null,
        port integer not null check (port between 1 and 65535),
        unit integer not null check (unit between 0 and 255),
        map text not null check (length(map) between 1 and 40),
        registers jsonb,
        ct_ratio double precision not null default 1 check (ct_ratio > 0),
        pt_ratio double precision not null default 1 check (pt_ratio > 0),
        poll_seconds integer not null default 30 check (poll_seconds between 15 and 60),
        removed_at timestamptz,
        created_by uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, no),
        foreign key (tenant_id, site_id) references sites (tenant_id, id),
        foreign key (tenant_id, zone_id) references zones (tenant_id, id),
        foreign key (tenant_id, collector_id) references fleet_collectors (tenant_id, id)
      )`)
    this.schema.raw(`
      create unique index fleet_meters_place on fleet_meters (tenant_id, collector_id, ip, port, unit, map)
        where removed_at is null`)
    confineToTenant(this.schema, 'fleet_meters', { site: 'site_id' })
    this.restrict('fleet_meters', NOT_FOR_CUSTOMERS)

    this.schema.raw(`
      create table fleet_meter_raw (
        tenant_id uuid not null,
        meter_no integer not null,
        at timestamptz not null,
        outcome smallint not null,
        poll_ms integer not null,
        ${VALUES},
        primary key (tenant_id, meter_no, at)
      ) partition by range (at)`)
    confineToTenant(this.schema, 'fleet_meter_raw', { rights: ['select'] })
    allow(
      this.schema,
      'ingest:fleet_meter_raw',
      'readings of meters; tenant and meter are those of the signed collector'
    )
    this.schema.raw('grant insert on fleet_meter_raw to hi_ingest')

    this.schema.raw(`
      create table fleet_meter_live (
        tenant_id uuid not null,
        meter_no integer not null,
        at timestamptz not null,
        answered_at timestamptz,
        outcome smallint not null,
        poll_ms integer not null,
        trouble text check (length(trouble) <= 200),
        ${VALUES},
        primary key (tenant_id, meter_no),
        foreign key (tenant_id, meter_no) references fleet_meters (tenant_id, no) on delete cascade
      ) with (fillfactor = 60)`)
    confineToTenant(this.schema, 'fleet_meter_live')

    // Energy counts whole watt-hours at the edges, so that five minutes add up to the counter.
    this.schema.raw(`
      create table fleet_meter_5min (
        tenant_id uuid not null,
        meter_no integer not null,
        bucket timestamptz not null,
        samples integer not null,
        power_seconds integer not null,
        power_avg_w double precision,
        power_min_w double precision,
        power_max_w double precision,
        power_energy_wh double precision,
        counter_seconds integer not null,
        energy_import_wh bigint,
        gap_energy_wh bigint,
        counter_last_wh bigint,
        counter_last_at timestamptz,
        temperature_avg_c real,
        temperature_max_c real,
        humidity_avg_pct real,
        primary key (tenant_id, meter_no, bucket)
      ) partition by range (bucket)`)
    confineToTenant(this.schema, 'fleet_meter_5min')
    for (const table of ['fleet_meter_raw', 'fleet_meter_live', 'fleet_meter_5min']) {
      this.restrict(table, OF_SEEN_METERS)
    }

    this.schema.raw(`
      create table fleet_meter_due (
        tenant_id uuid not null,
        meter_no integer not null,
        bucket timestamptz not null,
        marked_at timestamptz not null default now(),
        primary key (tenant_id, bucket, meter_no),
        foreign key (tenant_id, meter_no) references fleet_meters (tenant_id, no) on delete cascade
      )`)
    confineToTenant(this.schema, 'fleet_meter_due')
    this.restrict('fleet_meter_due', OF_SEEN_METERS)
  }

  async down() {
    for (const table of ['due', '5min', 'live', 'raw']) {
      this.schema.dropTable(`fleet_meter_${table}`)
    }
    this.schema.dropTable('fleet_meters')
    this.schema.raw('alter table fleet_counters drop column next_meter_no')
  }

  private restrict(table: string, condition: string) {
    this.schema.raw(`create policy seen on ${table} as restrictive to hi_app using (${condition})`)
  }
}
