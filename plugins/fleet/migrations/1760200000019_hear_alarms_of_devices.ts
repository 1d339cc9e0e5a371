import { BaseSchema } from '@adonisjs/lucid/schema'
import { confineToTenant } from '#core/schema'

/** As of meters: the host's, and only those of sites that the person sees. */
const OF_SEEN_METERS = `current_setting('app.customer_id') = '*' and
  case when current_setting('app.site_ids') = '*' then true
  else meter_no in (select no from fleet_meters m
    where m.tenant_id = current_setting('app.tenant_id')::uuid) end`

/** What devices warn of, from when to when; and their coolant by five minutes. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create table fleet_meter_alarms (
        tenant_id uuid not null,
        meter_no integer not null,
        code text not null check (code ~ '^[a-z][a-z0-9_]*$' and length(code) <= 40),
        began_at timestamptz not null,
        quiet_at timestamptz,
        ended_at timestamptz,
        primary key (tenant_id, meter_no, code, began_at),
        foreign key (tenant_id, meter_no) references fleet_meters (tenant_id, no) on delete cascade
      )`)
    this.schema.raw(`
      create unique index fleet_meter_alarms_open on fleet_meter_alarms (tenant_id, meter_no, code)
        where ended_at is null`)
    confineToTenant(this.schema, 'fleet_meter_alarms')
    this.schema.raw(
      `create policy seen on fleet_meter_alarms as restrictive to hi_app using (${OF_SEEN_METERS})`
    )
    this.schema.raw('alter table fleet_alarms add meter_id uuid, add code text')
    this.schema.raw(`
      alter table fleet_meter_5min add supply_temp_avg_c real, add supply_temp_max_c real,
        add return_temp_avg_c real`)
  }

  async down() {
    this.schema.raw(`
      alter table fleet_meter_5min drop supply_temp_avg_c, drop supply_temp_max_c,
        drop return_temp_avg_c`)
    this.schema.raw('alter table fleet_alarms drop meter_id, drop code')
    this.schema.dropTable('fleet_meter_alarms')
  }
}
