import type { MeterValues } from '../../protocol/meters.js'
import type { DeviceFaultKind } from './device_rows.js'
import type { Machine } from './machine.js'
import type { Random } from './random.js'

/** What a device is among. */
export interface Surroundings {
  at: number
  machines: readonly Machine[]
  random: Random
  ambientC: number
  /** How long a fault has been there; null: it is not. */
  sinceMs(kind: DeviceFaultKind): number | null
}

/** What a unit says, by the name of the map that reads it. */
export interface Said {
  map: string
  values: Partial<MeterValues>
  alarms?: string[]
}

/** By unit; nothing is worked out before somebody asks. */
export type Units = Map<number, () => Said>

const WINDOW_MS = 5000
const SOCKETS = 20
const PDUS_PER_METER = 3
/** Pumps, light and what cables lose, of what the machines take. */
const OVERHEAD = 1.02
const POWER_FACTOR = 0.98
const PHASE_V = 230
/** Of water: what a degree takes of a cubic metre in an hour, in watts. */
const WATER_WH_PER_M3_K = 1163
/** At the nameplate, between supply and return. */
const SPREAD_K = 6
/** Water that stands gets hot within minutes. */
const STANDING_K = 20
const STANDING_TAU_MS = 300_000
const HOT_SUPPLY_C = 45

const round = (value: number, digits: number) => Number(value.toFixed(digits))
const sumOf = (machines: readonly Machine[]) =>
  machines.reduce((sum, machine) => sum + machine.now().powerW, 0)

const noise = ({ at, random }: Surroundings, salt: number) =>
  random.normal('temperature', Math.floor(at / WINDOW_MS), salt)

/** A three-phase meter in front of the machines. */
export function abbMeter(around: Surroundings): Units {
  return new Map([[1, () => ({ map: 'abb_eq', values: abbValues(around) })]])
}

function abbValues(around: Surroundings): Partial<MeterValues> {
  const { machines } = around
  const powerW = round(sumOf(machines) * OVERHEAD, 2)
  const shares = [0.335, 0.332, 0.333]
  const volts = shares.map((_, phase) => round(PHASE_V + 0.8 * noise(around, phase), 1))
  const watts = shares.map((share) => round(powerW * share, 2))
  const amps = watts.map((watt, phase) => round(watt / volts[phase]! / POWER_FACTOR, 2))
  const energyWh = machines.reduce((sum, machine) => sum + machine.energyWh, 0) * OVERHEAD
  return {
    power_w: powerW,
    power_l1_w: watts[0]!,
    power_l2_w: watts[1]!,
    power_l3_w: watts[2]!,
    // It counts tens of watt-hours.
    energy_import_wh: Math.floor(energyWh / 10) * 10,
    energy_export_wh: 0,
    voltage_l1_v: volts[0]!,
    voltage_l2_v: volts[1]!,
    voltage_l3_v: volts[2]!,
    current_l1_a: amps[0]!,
    current_l2_a: amps[1]!,
    current_l3_a: amps[2]!,
    reactive_power_var: round(powerW * Math.tan(Math.acos(POWER_FACTOR)), 2),
    frequency_hz: round(50 + 0.01 * noise(around, 3), 2),
    power_factor: POWER_FACTOR,
  }
}

/** A container of Kehua with its units: cooling, room, detectors, power meters, PDUs. */
export function microbt(around: Surroundings): Units {
  const { machines } = around
  const pdus = slices(machines, SOCKETS)
  const units: Units = new Map()
  units.set(1, () => coolingUnit(around))
  units.set(2, () => ({ map: 'microbt_room_kehua', values: roomOf(around, 2) }))
  units.set(3, () => ({ map: 'microbt_env', values: {}, alarms: detected(around) }))
  for (const [place, part] of slices(machines, SOCKETS * PDUS_PER_METER).entries()) {
    const values = () => ({ power_w: tens(sumOf(part)), power_factor: POWER_FACTOR })
    units.set(4 + place, () => ({ map: 'microbt_power_meter', values: values() }))
  }
  for (const [place, part] of pdus.entries()) {
    const values = () => ({ power_w: tens(sumOf(part)), outlets_on: part.length })
    units.set(9 + place, () => ({
      map: 'microbt_pdu',
      values: values(),
      alarms: place === 0 ? detected(around) : [],
    }))
  }
  return units
}

function coolingUnit(around: Surroundings): Said {
  const isDry = around.sinceMs('leak') === null
  const isPumping = around.sinceMs('pump') === null
  return {
    map: 'microbt_cdu_kehua',
    values: {
      supply_temp_c: round(supplyC(around), 2),
      supply_pressure_bar: round(isPumping ? 2.6 + 0.02 * noise(around, 5) : 1.1, 2),
      return_pressure_bar: round(isPumping ? 1.9 + 0.02 * noise(around, 6) : 1.1, 2),
      pump_running: isPumping ? 1 : null,
    },
    alarms: [
      ...(isDry ? [] : ['water_immersion']),
      ...(isPumping ? [] : ['circulating_pump_fault']),
    ],
  }
}

/** A hydro container with one page. */
export function antspace(around: Surroundings): Units {
  return new Map([[1, () => ({ map: 'antspace_hk3', ...page(around) })]])
}

function page(around: Surroundings): Pick<Said, 'values' | 'alarms'> {
  const { machines } = around
  const isPumping = around.sinceMs('pump') === null
  const [powerW, nameplateW] = [sumOf(machines), nameplateOf(machines)]
  const flow = isPumping ? round(nameplateW / WATER_WH_PER_M3_K / SPREAD_K, 1) : 0
  const supply = round(supplyC(around), 1)
  const spread = flow > 0 ? powerW / WATER_WH_PER_M3_K / flow : standingK(around) / 2
  return {
    values: {
      power_w: Math.round(powerW),
      ...roomOf(around, 1),
      supply_temp_c: supply,
      return_temp_c: round(supply + spread, 1),
      supply_pressure_bar: isPumping ? round(3 + 0.05 * noise(around, 5), 2) : 1.2,
      return_pressure_bar: isPumping ? round(2.3 + 0.05 * noise(around, 6), 2) : 1.2,
      flow_m3h: flow,
      pump_running: isPumping ? 1 : 0,
    },
    alarms: [
      ...(isPumping ? [] : ['circulating_pump_fault']),
      ...(around.sinceMs('leak') === null ? [] : ['leakage_fault']),
      ...(supply > HOT_SUPPLY_C ? ['supply_liquid_temp_high'] : []),
      ...(isPumping ? [] : ['supply_liquid_flow_low']),
    ],
  }
}

/** Coolant on its way to the machines: warmer on hot days and under load, hot when it stands. */
function supplyC(around: Surroundings): number {
  const { ambientC, machines } = around
  const load = sumOf(machines) / nameplateOf(machines)
  return 28 + 0.5 * (ambientC - 22) + 4 * load + standingK(around) + 0.15 * noise(around, 4)
}

function standingK(around: Surroundings): number {
  const sinceMs = around.sinceMs('pump')
  return sinceMs === null ? 0 : STANDING_K * (1 - Math.exp(-sinceMs / STANDING_TAU_MS))
}

const roomOf = (around: Surroundings, digits: number): Partial<MeterValues> => ({
  temperature_c: round(around.ambientC + 7 + 0.2 * noise(around, 7), digits),
  humidity_pct: round(Math.max(15, Math.min(90, 45 - 1.2 * (around.ambientC - 22))), digits),
})

const detected = ({ sinceMs }: Surroundings): string[] => [
  ...(sinceMs('smoke') === null ? [] : ['smoke']),
  ...(sinceMs('leak') === null ? [] : ['water_ingress']),
]

const nameplateOf = (machines: readonly Machine[]) =>
  machines.reduce((sum, { model }) => sum + model.powerW, 0)

/** Hundredths of a kilowatt. */
const tens = (watts: number) => Math.round(watts / 10) * 10

const slices = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
    all.slice(place * size, (place + 1) * size)
  )
