import { CONTAINER_MAPS } from './container_maps.js'
import { holding, type Row } from './map_rows.js'
import type { MeterMap, MeterReads, Register } from './meters.js'

const NONE: Partial<Record<Register['type'], string>> = {
  u16: 'ffff',
  i16: '7fff',
  u32: 'ffffffff',
  i32: '7fffffff',
  u64: 'ffffffffffffffff',
}

/**
 * ABB, A43/A44 user manual 2CMC48001M0201 revision C, section 9.4, and B23/B24 user manual
 * 2CMC485003M0201 revision A, section 9.3: holding registers, "expressed exactly as it is sent on
 * the bus"; the highest value of a type means that nothing is known. The example of a read-out in
 * the A43/A44 manual (page 170) is a test of this map.
 */
const ABB_ROWS: readonly Row[] = [
  ['energy_import_wh', 0x5000, 'u64', 10],
  ['energy_export_wh', 0x5004, 'u64', 10],
  ['voltage_l1_v', 0x5b00, 'u32', 0.1],
  ['voltage_l2_v', 0x5b02, 'u32', 0.1],
  ['voltage_l3_v', 0x5b04, 'u32', 0.1],
  ['current_l1_a', 0x5b0c, 'u32', 0.01],
  ['current_l2_a', 0x5b0e, 'u32', 0.01],
  ['current_l3_a', 0x5b10, 'u32', 0.01],
  ['power_w', 0x5b14, 'i32', 0.01],
  ['power_l1_w', 0x5b16, 'i32', 0.01],
  ['power_l2_w', 0x5b18, 'i32', 0.01],
  ['power_l3_w', 0x5b1a, 'i32', 0.01],
  ['reactive_power_var', 0x5b1c, 'i32', 0.01],
  ['frequency_hz', 0x5b2c, 'u16', 0.01],
  ['power_factor', 0x5b3a, 'i16', 0.001],
]

/**
 * Schneider Electric, iEM3100/iEM3200/iEM3300 user manual DOCA0005EN, Modbus register list: the
 * manual counts registers from 1, these are one lower. The power factor is left out: its format has
 * four quadrants. NaN means that nothing is known.
 */
const IEM3000_ROWS: readonly Row[] = [
  ['current_l1_a', 2999, 'f32', 1],
  ['current_l2_a', 3001, 'f32', 1],
  ['current_l3_a', 3003, 'f32', 1],
  ['voltage_l1_v', 3027, 'f32', 1],
  ['voltage_l2_v', 3029, 'f32', 1],
  ['voltage_l3_v', 3031, 'f32', 1],
  ['power_l1_w', 3053, 'f32', 1000],
  ['power_l2_w', 3055, 'f32', 1000],
  ['power_l3_w', 3057, 'f32', 1000],
  ['power_w', 3059, 'f32', 1000],
  ['reactive_power_var', 3067, 'f32', 1000],
  ['frequency_hz', 3109, 'f32', 1],
  ['energy_import_wh', 3203, 'i64', 1],
  ['energy_export_wh', 3207, 'i64', 1],
]

/**
 * Schneider Electric PM5340: `workers/lib/models/pm5340.js` of miningos-wrk-powermeter-schneider at
 * 4a2158fc (Apache-2.0) reads the same places as those above from 3000 on, one lower on the wire
 * (its mock begins at 2999). It reads no energy, so none is read here; its power factor has four
 * quadrants too.
 */
const PM5340_ROWS = IEM3000_ROWS.filter(([field]) => !field.startsWith('energy'))

/** The devices whose registers are known from documents that everybody can read. */
export const METER_MAPS: readonly MeterMap[] = [
  {
    name: 'abb_eq',
    kind: 'meter',
    label: 'ABB A43/A44, B23/B24',
    source: 'ABB 2CMC48001M0201 rev. C, 2CMC485003M0201 rev. A',
    registers: holding(ABB_ROWS, (type) => NONE[type] ?? null),
  },
  {
    name: 'schneider_iem3000',
    kind: 'meter',
    label: 'Schneider Electric iEM3100/iEM3200/iEM3300',
    source: 'Schneider Electric DOCA0005EN',
    registers: holding(IEM3000_ROWS, (type) => (type === 'i64' ? '8000000000000000' : null)),
  },
  {
    name: 'schneider_pm5340',
    kind: 'meter',
    label: 'Schneider Electric PM5340 (no energy)',
    source: 'tetherto/miningos-wrk-powermeter-schneider 4a2158fc, workers/lib/models/pm5340.js',
    registers: holding(PM5340_ROWS),
  },
  {
    // From a public list of SATEC registers (PM130 PLUS, PM174), not read in the maker's own guide: energies
    // are UINT32 of 1 kWh, the low word first. Power and voltage are left out: what a count is worth
    // there depends on how the meter is set up (PT ratio; "U1", "U3"). A generic map says it for one.
    name: 'satec_pm130_energy',
    kind: 'meter',
    label: 'SATEC PM130 PLUS, PM174 (energy only)',
    source: 'public register lists for SATEC, not the maker’s guide',
    registers: [
      {
        field: 'energy_import_wh',
        address: 14_720,
        fn: 3,
        type: 'u32',
        order: 'low_first',
        scale: 1000,
        none: null,
      },
    ],
  },
  {
    // Comet System, "ModbusTCP registers for Tx5xx/Tx6xx" v3.2 (2017-11-24) and T3311 manual
    // IE-SNC-T33(4)11: "register 0x31 is physically sent as value 0x30". The sensor must be set to °C.
    name: 'comet_t',
    kind: 'sensor',
    label: 'Comet T3510/T3610 (°C, %RH)',
    source: 'Comet System Tx5xx/Tx6xx SDK, modbus.txt v3.2',
    registers: [
      {
        field: 'temperature_c',
        address: 0x30,
        fn: 3,
        type: 'i16',
        order: 'high_first',
        scale: 0.1,
        none: null,
      },
      {
        field: 'humidity_pct',
        address: 0x31,
        fn: 3,
        type: 'i16',
        order: 'high_first',
        scale: 0.1,
        none: null,
      },
    ],
  },
  ...CONTAINER_MAPS,
]

/** What is known of a kind of device; null: none of this name. */
export const mapNamed = (name: string): MeterMap | null =>
  METER_MAPS.find((map) => map.name === name) ?? null

/** The registers of a device that is known; null: none of this name. */
export const registersOfMap = (name: string): readonly Register[] | null =>
  mapNamed(name)?.registers ?? null

/** All that is asked of a device that is known, as its collector is told; null: none of this name. */
export function readsOfMap(name: string): MeterReads | null {
  const map = mapNamed(name)
  if (!map) return null
  const { registers, flags = null, outlets = null, http = null } = map
  return { registers, flags, outlets, http }
}
