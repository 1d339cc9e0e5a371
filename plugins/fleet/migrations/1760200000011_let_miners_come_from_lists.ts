import { BaseSchema } from '@adonisjs/lucid/schema'

/** Miners that a list named and no collector has met: nobody knows who reads them, nor how. */
const UNKNOWN_AT_FIRST = ['collector_id', 'ip', 'driver', 'evidence']

export default class extends BaseSchema {
  async up() {
    for (const name of UNKNOWN_AT_FIRST) {
      this.schema.raw(`alter table fleet_miners alter column ${name} drop not null`)
    }
    this.schema.raw(`
      alter table fleet_miners
        add column worker text check (length(worker) <= 120),
        add column nameplate_power_w double precision check (nameplate_power_w > 0),
        add column imported_at timestamptz,
        add constraint fleet_miners_met check (
          (driver is null and evidence is null and collector_id is null and imported_at is not null)
          or (driver is not null and evidence is not null and collector_id is not null
            and ip is not null))`)
    const ours = `where status not in ('merged', 'retired')`
    this.schema.raw(`create index fleet_miners_mac on fleet_miners (tenant_id, mac) ${ours}`)
    this.schema.raw(
      `create index fleet_miners_serial on fleet_miners (tenant_id, serial_number) ${ours}`
    )
    this.schema.raw(`create index fleet_miners_ip on fleet_miners (tenant_id, site_id, ip) ${ours}`)
    this.schema.raw(
      `create index fleet_miners_place on fleet_miners (tenant_id, site_id, rack, position) ${ours}`
    )
    this.schema.raw(
      `create index fleet_miners_unmet on fleet_miners (tenant_id, site_id)
       where driver is null and status not in ('merged', 'retired')`
    )
  }

  async down() {
    for (const name of ['mac', 'serial', 'ip', 'place', 'unmet']) {
      this.schema.raw(`drop index fleet_miners_${name}`)
    }
    this.schema.raw(`
      alter table fleet_miners drop constraint fleet_miners_met,
        drop column imported_at, drop column nameplate_power_w, drop column worker`)
    for (const name of UNKNOWN_AT_FIRST) {
      this.schema.raw(`alter table fleet_miners alter column ${name} set not null`)
    }
  }
}
