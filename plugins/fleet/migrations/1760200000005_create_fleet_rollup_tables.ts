import { BaseSchema } from '@adonisjs/lucid/schema'
import { allow, confineToTenant } from '#core/schema'

/** As in the migration of the raw layer. */
const OF_SEEN_MINERS = `
  case when current_setting('app.site_ids') = '*' and current_setting('app.customer_id') = '*' then true
  else miner_no in (select no from fleet_miners m
    where m.tenant_id = current_setting('app.tenant_id')::uuid) end`

const AGGREGATE = `
  samples integer not null,
  seconds_covered integer not null,
  seconds_online integer not null,
  seconds_mining integer not null,
  hashrate_avg_ths real,
  hashrate_min_ths real,
  hashrate_max_ths real,
  expected_avg_ths real,
  temp_avg_c real,
  temp_min_c real,
  temp_max_c real,
  inlet_avg_c real,
  power_avg_w real,
  power_min_w real,
  power_max_w real,
  power_source smallint,
  fan_min_rpm real,
  fan_max_rpm real,
  shares_accepted bigint,
  shares_rejected bigint,
  shares_stale bigint,
  hardware_errors bigint,
  restarts smallint not null default 0,
  energy_wh double precision`

/** Five minutes and days of each miner, five minutes of each board and of each part of the fleet. */
export default class extends BaseSchema {
  async up() {
    // `late_base`: what a row was before late samples were added to it whose neighbours are gone.
    this.schema.raw(`
      create table fleet_telemetry_5min (
        tenant_id uuid not null,
        miner_no integer not null,
        bucket timestamptz not null,
        ${AGGREGATE},
        late_base jsonb,
        primary key (tenant_id, miner_no, bucket)
      ) partition by range (bucket)`)
    this.schema.raw(`
      create table fleet_telemetry_daily (
        tenant_id uuid not null,
        miner_no integer not null,
        day date not null,
        ${AGGREGATE},
        primary key (tenant_id, miner_no, day)
      )`)
    this.schema.raw(`
      create table fleet_boards_5min (
        tenant_id uuid not null,
        miner_no integer not null,
        bucket timestamptz not null,
        slot smallint not null,
        second smallint not null default 0 check (second between 0 and 299),
        samples integer not null,
        active boolean,
        hashrate_ths real,
        chips_working integer,
        temp_board_c real,
        temp_chip_max_c real,
        frequency_mhz real,
        voltage_v real,
        hw_errors bigint,
        primary key (tenant_id, miner_no, bucket, slot)
      ) partition by range (bucket)`)
    for (const table of ['fleet_telemetry_5min', 'fleet_telemetry_daily', 'fleet_boards_5min']) {
      confineToTenant(this.schema, table)
      this.schema.raw(
        `create policy seen on ${table} as restrictive to hi_app using (${OF_SEEN_MINERS})`
      )
    }
    // Pages about many miners read these few rows; customer and zone are '' where there is none.
    this.schema.raw(`
      create table fleet_groups_5min (
        tenant_id uuid not null,
        bucket timestamptz not null,
        site_id uuid not null,
        zone text not null,
        customer text not null,
        model text not null,
        miners integer not null,
        seconds_covered bigint not null,
        seconds_online bigint not null,
        hashrate_ths double precision,
        expected_ths double precision,
        power_w double precision,
        energy_wh double precision,
        temp_max_c real,
        shares_accepted bigint,
        shares_rejected bigint,
        primary key (tenant_id, bucket, site_id, zone, customer, model)
      )`)
    this.schema.raw(
      'create index fleet_groups_5min_site on fleet_groups_5min (tenant_id, site_id, bucket)'
    )
    confineToTenant(this.schema, 'fleet_groups_5min', { site: 'site_id' })
    this.schema.raw(`
      create policy customer on fleet_groups_5min as restrictive to hi_app using (
        case when current_setting('app.customer_id') = '*' then true
        else customer = current_setting('app.customer_id') end)`)
    this.partitionKeeper()
  }

  /**
   * The running portal may not create or drop tables; this may, for partitions of these three
   * layers and nothing else. What is dropped is named by its own bounds, never from outside. A
   * partition is attached and not created in place, which would lock the layer against everybody;
   * one that is made when it may have been dropped before says since when it is there.
   */
  private partitionKeeper() {
    this.schema.raw(`
      create function fleet_keep_partition(layer text, at timestamptz) returns text
      language plpgsql security definer set search_path = pg_catalog, public as $$
      declare
        span interval;
        lower_at timestamptz;
        upper_at timestamptz;
        part text;
      begin
        if at < now() - interval '400 days' or at > now() + interval '15 days' then
          raise exception 'no partition at %', at using errcode = '22023';
        end if;
        span := case layer when 'fleet_telemetry_raw' then interval '3 hours'
          when 'fleet_telemetry_5min' then interval '7 days'
          when 'fleet_boards_5min' then interval '7 days' end;
        if span is null then raise exception 'no layer %', layer using errcode = '22023'; end if;
        lower_at := date_bin(span, at, timestamptz '2024-01-01 00:00:00+00');
        upper_at := lower_at + span;
        part := layer || '_' || to_char(lower_at at time zone 'UTC', 'YYYYMMDDHH24');
        if to_regclass('public.' || part) is not null then return part; end if;
        perform pg_advisory_xact_lock(hashtext(layer));
        if to_regclass('public.' || part) is not null then return part; end if;
        execute format('create table public.%I (like public.%I including all)', part, layer);
        execute format('alter table public.%I enable row level security', part);
        execute format('alter table public.%I force row level security', part);
        if upper_at <= now() - interval '12 hours' then
          execute format('comment on table public.%I is %L', part, 'late ' || clock_timestamp());
        end if;
        execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)',
          layer, part, lower_at, upper_at);
        return part;
      end $$`)
    this.schema.raw(`
      create function fleet_drop_partitions(layer text, older_than timestamptz, dry_run boolean,
        needed timestamptz[] default '{}')
      returns table (part text, bytes bigint)
      language plpgsql security definer set search_path = pg_catalog, public
      set lock_timeout = '5s' as $$
      declare
        one record;
      begin
        if layer not in ('fleet_telemetry_raw', 'fleet_telemetry_5min', 'fleet_boards_5min')
          or older_than > now() - interval '12 hours' then
          raise exception 'refused: % %', layer, older_than using errcode = '22023';
        end if;
        for one in
          select c.relname::text as name, pg_total_relation_size(c.oid) as size,
            (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''([^'']+)''\\)'))[1]::timestamptz as lower_at,
            (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz as upper_at
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = ('public.' || layer)::regclass
        loop
          if one.upper_at <= older_than and not exists (
            select from unnest(needed) as moment
            where moment >= one.lower_at and moment < one.upper_at
          ) then
            if not dry_run then execute format('drop table public.%I', one.name); end if;
            part := one.name; bytes := one.size;
            return next;
          end if;
        end loop;
      end $$`)
    const signatures = [
      'fleet_keep_partition(text,timestamp with time zone)',
      'fleet_drop_partitions(text,timestamp with time zone,boolean,timestamp with time zone[])',
    ]
    for (const signature of signatures) {
      this.schema.raw(`revoke all on function ${signature} from public`)
      this.schema.raw(`grant execute on function ${signature} to hi_login`)
      allow(this.schema, signature, 'partitions of telemetry come and go while the portal runs')
    }
  }

  async down() {
    this.schema.raw('drop function fleet_drop_partitions')
    this.schema.raw('drop function fleet_keep_partition')
    const tables = ['groups_5min', 'boards_5min', 'telemetry_daily', 'telemetry_5min']
    for (const table of tables) this.schema.dropTable(`fleet_${table}`)
  }
}
