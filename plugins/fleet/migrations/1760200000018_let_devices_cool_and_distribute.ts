import { BaseSchema } from '@adonisjs/lucid/schema'

/** Cooling containers and distributors of power say more than meters do. */
export default class extends BaseSchema {
  async up() {
    for (const table of ['fleet_meter_raw', 'fleet_meter_live']) {
      this.schema.raw(`
        alter table ${table} add supply_temp_c real, add return_temp_c real,
          add supply_pressure_bar real, add return_pressure_bar real, add flow_m3h real,
          add pump_running real, add outlets_on real, add alarms text[]`)
    }
  }

  async down() {
    for (const table of ['fleet_meter_raw', 'fleet_meter_live']) {
      this.schema.raw(`
        alter table ${table} drop supply_temp_c, drop return_temp_c, drop supply_pressure_bar,
          drop return_pressure_bar, drop flow_m3h, drop pump_running, drop outlets_on, drop alarms`)
    }
  }
}
