import { BaseSchema } from '@adonisjs/lucid/schema'

const METER_SPANS = `
          when 'fleet_meter_raw' then interval '3 hours'
          when 'fleet_meter_5min' then interval '28 days'`

/**
 * The keeper of partitions, as in the migration of the roll-ups, knows the layers of meters as well.
 * `create or replace` leaves owner and grants as they are. Two collectors may need a partition at the
 * same moment: whoever waited for the other looks into the catalogue now instead of asking for the
 * name again, since that answer is remembered from before the wait.
 */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(keeper(METER_SPANS))
    this.schema.raw(dropper(`, 'fleet_meter_raw', 'fleet_meter_5min'`))
  }

  async down() {
    this.schema.raw(keeper(''))
    this.schema.raw(dropper(''))
  }
}

const keeper = (spans: string) => `
      create or replace function fleet_keep_partition(layer text, at timestamptz) returns text
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
          when 'fleet_boards_5min' then interval '7 days' ${spans} end;
        if span is null then raise exception 'no layer %', layer using errcode = '22023'; end if;
        lower_at := date_bin(span, at, timestamptz '2024-01-01 00:00:00+00');
        upper_at := lower_at + span;
        part := layer || '_' || to_char(lower_at at time zone 'UTC', 'YYYYMMDDHH24');
        if to_regclass('public.' || part) is not null then return part; end if;
        perform pg_advisory_xact_lock(hashtext(layer));
        perform 1 from pg_class c
          where c.relnamespace = 'public'::regnamespace and c.relname = part;
        if found then return part; end if;
        execute format('create table public.%I (like public.%I including all)', part, layer);
        execute format('alter table public.%I enable row level security', part);
        execute format('alter table public.%I force row level security', part);
        if upper_at <= now() - interval '12 hours' then
          execute format('comment on table public.%I is %L', part, 'late ' || clock_timestamp());
        end if;
        execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)',
          layer, part, lower_at, upper_at);
        return part;
      end $$`

const dropper = (names: string) => `
      create or replace function fleet_drop_partitions(layer text, older_than timestamptz, dry_run boolean,
        needed timestamptz[] default '{}')
      returns table (part text, bytes bigint)
      language plpgsql security definer set search_path = pg_catalog, public
      set lock_timeout = '5s' as $$
      declare
        one record;
      begin
        if layer not in ('fleet_telemetry_raw', 'fleet_telemetry_5min', 'fleet_boards_5min'${names})
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
      end $$`
