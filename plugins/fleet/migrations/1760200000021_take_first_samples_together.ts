import { BaseSchema } from '@adonisjs/lucid/schema'

/**
 * A site's first batch has 500 miners that were never seen: what each row needs is done once for all
 * of them. And a batch renews all rows of a page at once, so a page must have room for each row
 * twice, or every second update leaves the page and changes the index too.
 */
export default class extends BaseSchema {
  async up() {
    this.schema.raw('alter table fleet_telemetry_live set (fillfactor = 45)')
    // Details come every five minutes; with room beside it a miner's row leaves its indexes alone.
    this.schema.raw('alter table fleet_miners set (fillfactor = 70)')
    this.schema.raw('drop trigger first_sample on fleet_telemetry_live')
    this.schema.raw(`
      create or replace function fleet_first_sample() returns trigger language plpgsql as $$
      declare
        tenant uuid;
        nos integer[];
      begin
        -- In parts: what has no plan of its own looks through the whole list for each row.
        for tenant, nos in
          select tenant_id, array_agg(miner_no) from (
            select tenant_id, miner_no,
              (row_number() over (partition by tenant_id order by miner_no) - 1) / 500 as part
            from fresh) as f
          group by tenant_id, part order by tenant_id, part
        loop
          -- Looked up one by one: before a new table was ever analysed, joins are planned badly.
          update fleet_miners m
            set is_seen = true, pool_worker = (select l.pool_user from fleet_telemetry_live l
              where l.tenant_id = tenant and l.miner_no = m.no)
            where m.tenant_id = tenant and m.no = any(nos);
          update fleet_telemetry_live l
            set site_id = m.site_id, zone_id = m.zone_id, customer_id = m.customer_id,
              miner_status = m.status, nameplate_ths = m.nameplate_hashrate_ths
            from fleet_miners m
            where l.tenant_id = tenant and l.miner_no = any(nos)
              and m.tenant_id = tenant and m.no = l.miner_no;
        end loop;
        return null;
      end $$`)
    this.schema.raw(`
      create trigger first_samples after insert on fleet_telemetry_live
        referencing new table as fresh for each statement execute function fleet_first_sample()`)
  }

  async down() {
    this.schema.raw('drop trigger first_samples on fleet_telemetry_live')
    this.schema.raw(`
      create or replace function fleet_first_sample() returns trigger language plpgsql as $$
      begin
        update fleet_miners set is_seen = true, pool_worker = new.pool_user
          where tenant_id = new.tenant_id and no = new.miner_no;
        update fleet_telemetry_live l
          set site_id = m.site_id, zone_id = m.zone_id, customer_id = m.customer_id,
            miner_status = m.status, nameplate_ths = m.nameplate_hashrate_ths
          from fleet_miners m
          where m.tenant_id = new.tenant_id and m.no = new.miner_no
            and l.tenant_id = new.tenant_id and l.miner_no = new.miner_no;
        return null;
      end $$`)
    this.schema.raw(`
      create trigger first_sample after insert on fleet_telemetry_live
        for each row execute function fleet_first_sample()`)
    this.schema.raw('alter table fleet_telemetry_live set (fillfactor = 60)')
    this.schema.raw('alter table fleet_miners reset (fillfactor)')
  }
}
