import { BaseSchema } from '@adonisjs/lucid/schema'

/**
 * Two collectors may need a partition at the same moment. Whoever waited for the other must look
 * into the catalogue, not ask for the name again: that answer is remembered from before the wait.
 */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
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
          when 'fleet_boards_5min' then interval '7 days' end;
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
      end $$`)
  }

  async down() {
    this.schema.raw(`
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
  }
}
