/**
 * What a device of a site says, in units that the names carry; null: it does not say. Counters are
 * whole watt-hours that a double holds exactly. Supply is the coolant on its way to the miners; of
 * `pump_running` 1 is yes and 0 is no; `outlets_on` counts the sockets of a PDU that are switched on.
 */
export const METER_FIELDS = [
  'power_w',
  'power_l1_w',
  'power_l2_w',
  'power_l3_w',
  'energy_import_wh',
  'energy_export_wh',
  'voltage_l1_v',
  'voltage_l2_v',
  'voltage_l3_v',
  'current_l1_a',
  'current_l2_a',
  'current_l3_a',
  'reactive_power_var',
  'power_factor',
  'frequency_hz',
  'temperature_c',
  'humidity_pct',
  'supply_temp_c',
  'return_temp_c',
  'supply_pressure_bar',
  'return_pressure_bar',
  'flow_m3h',
  'pump_running',
  'outlets_on',
] as const
export type MeterField = (typeof METER_FIELDS)[number]
export type MeterValues = Record<MeterField, number | null>
