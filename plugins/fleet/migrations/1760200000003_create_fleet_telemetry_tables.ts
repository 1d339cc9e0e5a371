import { BaseSchema } from '@adonisjs/lucid/schema'
import { allow, confineToTenant } from '#core/schema'

/** What a poll says, as short as it can be kept; null: the miner did not say. */
const SAMPLE = `
  outcome smallint not null,
  state smallint not null,
  poll_ms integer not null,
  is_mining boolean,
  uptime_s bigint,
  hashrate_ths real,
  hashrate_avg_ths real,
  expected_hashrate_ths real,
  wattage_w real,
  wattage_source smallint,
  wattage_limit_w real,
  temp_inlet_c real,
  temp_outlet_c real,
  temp_max_c real,
  fan_min_rpm real,
  fan_max_rpm real,
  shares_accepted bigint,
  shares_rejected bigint,
  shares_stale bigint,
  hardware_errors bigint`

/**
 * History rows carry the number of the miner only, so that they stay small. Who sees some sites or
 * one customer sees the rows of the miners that they see; the list is made once for a query.
 */
const OF_SEEN_MINERS = `
  case when current_setting('app.site_ids') = '*' and current_setting('app.customer_id') = '*' then true
  else miner_no in (select no from fleet_miners m
    where m.tenant_id = current_setting('app.tenant_id')::uuid) end`

/** Four layers: raw and live from the collectors, five minutes and days by roll-up. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_telemetry_raw (
        tenant_id uuid not null,
        miner_no integer not null,
        at timestamptz not null,
        ${SAMPLE},
        primary key (tenant_id, miner_no, at)
      ) partition by range (at)`)
    confineToTenant(this.schema, 'fleet_telemetry_raw', { rights: ['select'] })
    this.onlyOfSeenMiners('fleet_telemetry_raw')
    allow(
      this.schema,
      'ingest:fleet_telemetry_raw',
      'samples come in by the thousand; tenant and miner are those of the signed collector'
    )
    this.schema.raw('grant insert on fleet_telemetry_raw to hi_ingest')

    this.schema.raw(`
      create table fleet_telemetry_live (
        tenant_id uuid not null,
        miner_no integer not null,
        site_id uuid not null,
        customer_id uuid,
        at timestamptz not null,
        answered_at timestamptz,
        ${SAMPLE},
        connectivity text not null default 'online',
        connectivity_since timestamptz not null,
        pool_url text,
        pool_user text,
        boards_expected smallint,
        boards_active smallint,
        chips_working integer,
        faults smallint,
        primary key (tenant_id, miner_no),
        foreign key (tenant_id, miner_no) references fleet_miners (tenant_id, no) on delete cascade
      ) with (fillfactor = 60)`)
    confineToTenant(this.schema, 'fleet_telemetry_live', {
      site: 'site_id',
      customer: 'customer_id',
    })
    this.schema.raw(`
      create table fleet_connectivity_changes (
        tenant_id uuid not null,
        miner_no integer not null,
        at timestamptz not null,
        was text,
        became text not null,
        primary key (tenant_id, miner_no, at, became)
      )`)
    this.schema.raw(
      'create index fleet_connectivity_changes_time on fleet_connectivity_changes (tenant_id, at desc)'
    )
    confineToTenant(this.schema, 'fleet_connectivity_changes', {
      rights: ['select', 'insert', 'delete'],
    })
    this.onlyOfSeenMiners('fleet_connectivity_changes')
  }

  async down() {
    this.schema.dropTable('fleet_connectivity_changes')
    this.schema.dropTable('fleet_telemetry_live')
    this.schema.dropTable('fleet_telemetry_raw')
  }

  private onlyOfSeenMiners(table: string) {
    this.schema.raw(
      `create policy seen on ${table} as restrictive to hi_app using (${OF_SEEN_MINERS})`
    )
  }
}
