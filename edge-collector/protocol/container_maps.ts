import { holding } from './map_rows.js'
import type { Flag, HttpReads, MeterField, MeterMap } from './meters.js'

/**
 * MicroBT containers (built by Wonderint or Kehua): one Modbus TCP gateway, a unit each for the
 * cooling distribution unit, the room, the detectors, four power meters and twelve PDUs.
 *
 * From `workers/lib/container.js` of miningos-wrk-container-microbt at 3bbec487 (Apache-2.0). It
 * names registers in a list that joins several reads, and its client (svc-facs-modbus, lib/modbus.js
 * line 34) asks for one address less than it is told: what it calls 201 is 200 on the wire, as here.
 * Its mock (mock/initial_states/default.js) has the same values at the same places, or the value
 * is left out. Units are those that miningos-app-ui shows (HomeTab.util.tsx, PowerMeters.tsx).
 */
const MICROBT = 'tetherto/miningos-wrk-container-microbt 3bbec487, workers/lib/container.js'

/** One alarm for each of so many registers that follow each other, on while it is 1. */
const ones = (code: string, address: number, count = 1): Flag[] =>
  Array.from({ length: count }, (_, index) => ({
    code,
    fn: 3,
    address: address + index,
    bit: null,
    is: 1,
  }))

/** T2, P2 and P3: "unit inlet" is the way to the miners, as miningos-app-ui has it. */
const CDU = holding([
  ['supply_temp_c', 200, 'i16', 0.01],
  ['supply_pressure_bar', 202, 'i16', 0.01],
  ['return_pressure_bar', 203, 'i16', 0.01],
])

const CDU_FLAGS: Flag[] = [
  ...ones('outdoor_temp_sensor_fault', 95),
  ...ones('indoor_sensor_fault', 96),
  ...ones('makeup_pump_fault', 97),
  ...ones('power_supply_fault', 98),
  ...ones('water_immersion', 99),
]

const microbt = (
  name: string,
  kind: MeterMap['kind'],
  of: string,
  unit: number
): Pick<MeterMap, 'name' | 'kind' | 'label' | 'source' | 'usual'> => ({
  name,
  kind,
  label: `MicroBT container: ${of}`,
  source: MICROBT,
  usual: { port: 502, unit },
})

const MICROBT_MAPS: readonly MeterMap[] = [
  {
    ...microbt('microbt_cdu', 'container', 'cooling (Wonderint)', 1),
    registers: CDU,
    flags: CDU_FLAGS,
  },
  {
    // Only Kehua says how its pump is in one register: 100 it runs, 200 it is broken.
    ...microbt('microbt_cdu_kehua', 'container', 'cooling (Kehua)', 1),
    registers: [...CDU, ...holding([['pump_running', 207, 'u16', 0.01]])].map((one) =>
      one.field === 'pump_running' ? { ...one, none: '00c8' } : one
    ),
    flags: [
      ...CDU_FLAGS,
      { code: 'circulating_pump_fault', fn: 3, address: 207, bit: null, is: 200 },
    ],
  },
  {
    ...microbt('microbt_room', 'sensor', 'room (Wonderint)', 2),
    registers: holding([
      ['temperature_c', 2, 'i16', 0.1],
      ['humidity_pct', 3, 'i16', 0.1],
    ]),
  },
  {
    ...microbt('microbt_room_kehua', 'sensor', 'room (Kehua)', 2),
    registers: holding([
      ['temperature_c', 2, 'i16', 0.01],
      ['humidity_pct', 3, 'i16', 0.01],
    ]),
  },
  {
    ...microbt('microbt_env', 'sensor', 'smoke and water', 3),
    registers: [],
    flags: [...ones('smoke', 2), ...ones('water_ingress', 7)],
  },
  {
    // Hundredths of a kilowatt; units 4 to 7.
    ...microbt('microbt_power_meter', 'meter', 'power meter (units 4 to 7)', 4),
    registers: holding([
      ['power_w', 56, 'u16', 10],
      ['power_factor', 68, 'u16', 0.01],
    ]),
  },
  {
    // Hundredths of a kilowatt; units 9 to 20. A socket that is on says 1, one that is off 2.
    ...microbt('microbt_pdu', 'pdu', 'PDU (units 9 to 20)', 9),
    registers: holding([['power_w', 80, 'i16', 10]]),
    outlets: { fn: 3, address: 45, count: 20, on: 1 },
    flags: [
      ...ones('access_control', 157, 8),
      ...ones('infrared', 167, 6),
      ...ones('water_ingress', 173, 8),
      ...ones('smoke', 181, 8),
    ],
  },
]

/**
 * Antspace containers of Bitmain: one page with everything. From miningos-wrk-container-antspace at
 * 476864a6 (Apache-2.0), workers/lib/container/hydro.js and immersion.js; the units are those that
 * miningos-app-ui shows: MPa (which it makes ten times as many bar), m³/h, °C, W.
 */
const antspace = (
  name: string,
  of: string,
  file: string,
  http: Omit<HttpReads, 'path' | 'within'>
): MeterMap => ({
  name,
  kind: 'container',
  label: `Bitmain Antspace: ${of}`,
  source: `tetherto/miningos-wrk-container-antspace 476864a6, workers/lib/container/${file}`,
  usual: { port: 80, unit: 1 },
  registers: [],
  http: { path: '/cooler?operation=coolerState', within: 'params', ...http },
})

const from = (field: MeterField, keys: string | string[], scale = 1) => ({
  field,
  keys: [keys].flat(),
  scale,
})

const ANTSPACE_MAPS: readonly MeterMap[] = [
  antspace('antspace_hk3', 'HK3 (hydro)', 'hydro.js', {
    fields: [
      from('power_w', ['distribution_box1_power', 'distribution_box2_power']),
      from('temperature_c', 'antbox_internal_temp'),
      from('humidity_pct', 'antbox_internal_humidity'),
      from('supply_temp_c', 'supply_liquid_temp'),
      from('return_temp_c', 'return_liquid_temp'),
      from('supply_pressure_bar', 'supply_liquid_pressure', 10),
      from('return_pressure_bar', 'return_liquid_pressure', 10),
      from('flow_m3h', 'supply_liquid_flow'),
      from('pump_running', 'circulating_pump'),
    ],
    alarms: [
      'power_fault',
      'liquid_level_low',
      'circulating_pump_fault',
      'fan1_fault',
      'fan2_fault',
      'fluid_infusion_pump_fault',
      'spray_pump_fault',
      'cooling_tower_fan1_fault',
      'cooling_tower_fan2_fault',
      'cooling_tower_fan3_fault',
      'leakage_fault',
      'supply_liquid_temp_high',
      'supply_liquid_temp_too_high',
      'supply_liquid_pressure_high',
      'return_liquid_pressure_low',
      'supply_liquid_flow_low',
      'freezing_alarm',
      'cooling_tower_liquid_level_low',
    ],
  }),
  antspace('antspace_immersion', 'immersion', 'immersion.js', {
    fields: [
      from('temperature_c', 'container_temp'),
      from('humidity_pct', 'container_humidity'),
      from('supply_temp_c', 'primary_supply_temp'),
      from('return_temp_c', 'primary_return_temp'),
      from('pump_running', ['second_pump1', 'second_pump2']),
    ],
    // In its list of faults and among those of its mock, both.
    alarms: [
      'pump_alarm',
      'dry_cooler_power_fre_fault',
      'dry_cooler_fre_conv',
      'second_pump1_fault',
      'second_pump2_fault',
      'fan_fault',
      'phasefailure',
      'supply_liquid_temp_fault',
      'return_liquid_temp_fault',
      'power_distribution_Fault',
      'lever_sensor_fault',
      'smoke_sensor_fault',
      'return_liquid_temp_high',
      'return_liquid_temp_too_high',
      'power_distribution_temp_high',
      'lever_high',
      'lever_low',
    ],
  }),
]

/** Cooling containers and what stands in them. */
export const CONTAINER_MAPS: readonly MeterMap[] = [...MICROBT_MAPS, ...ANTSPACE_MAPS]
