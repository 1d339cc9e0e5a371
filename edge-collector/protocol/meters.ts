import { type Check, integer, list, number, object, oneOf, optional, text } from './check.js'
import type { MeterField, MeterValues } from './meter_fields.js'
import { ALARM_CODE, asksAnything, type MeterReads, READS, wordsOfType } from './meter_reads.js'

export * from './meter_fields.js'
export {
  asksAnything,
  checkRegisters,
  type Flag,
  type HttpReads,
  type MeterReads,
  type Outlets,
  type Register,
  REGISTER_TYPES,
  type RegisterType,
  wordsOfType,
} from './meter_reads.js'

/** What a device is: power meters, sensors of rooms, cooling containers, distributors of power. */
export const DEVICE_KINDS = ['meter', 'sensor', 'container', 'pdu'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

/** What is known of a kind of device, as data. */
export interface MeterMap extends MeterReads {
  /** Stable, it is stored. */
  name: string
  kind: DeviceKind
  /** For people. */
  label: string
  /** The document that the registers are from. */
  source: string
  /** Where such a device is found as it leaves the factory; null: that depends. */
  usual?: { port: number; unit: number } | null
}

/** A meter or sensor of a site, as its collector is told. */
export interface MeterConfig extends MeterReads {
  id: string
  ip: string
  port: number
  /** Behind a gateway each device has its own; 255 or 1 for a device by itself. */
  unit: number
  /** Seconds between polls. */
  pollSeconds: number
  /** Primary over secondary of the current and voltage transformers, when the device reports secondary values. */
  ctRatio: number
  ptRatio: number
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Where a device is and how often it is asked. What it is asked is judged by who asks: a portal that
 * is newer may know more, and that must not cost the site the rest of its config.
 */
export const checkMeterPlace: Check = object({
  id: text(36, UUID),
  ip: text(15, /^\d{1,3}(\.\d{1,3}){3}$/),
  port: integer(1, 65_535),
  unit: integer(0, 255),
  pollSeconds: integer(15, 60),
  ctRatio: number(1e-6, 1e6),
  ptRatio: number(1e-6, 1e6),
})

const reads = object({ ...READS })

/** A device that this version can read. */
export const checkMeterConfig: Check = (value) =>
  checkMeterPlace(value) ??
  reads(value) ??
  (asksAnything(value as MeterConfig) ? null : { field: 'registers', reason: 'missing' })

export const METER_OUTCOMES = ['ok', 'partial', 'unreachable', 'refused'] as const
/** `refused`: something answers, but not with these values. */
export type MeterOutcome = (typeof METER_OUTCOMES)[number]

/** One poll of one meter on its way to the portal. Absent means null. */
export interface MeterSample extends Partial<MeterValues> {
  /** The id that the config gave it. */
  meter: string
  /** Milliseconds since 1970 on the collector's clock, when the poll began. */
  at: number
  poll_ms: number
  outcome: MeterOutcome
  /** Why something is missing. */
  trouble?: string | null
  /** What the device itself warns of, as codes of its map; null: it was not heard or has no alarms. */
  alarms?: string[] | null
}

const real = (min: number, max: number) => optional(number(min, max))
const counter = () => optional(integer(0, Number.MAX_SAFE_INTEGER))

const fields: Record<MeterField, Check> = {
  power_w: real(-1e10, 1e10),
  power_l1_w: real(-1e10, 1e10),
  power_l2_w: real(-1e10, 1e10),
  power_l3_w: real(-1e10, 1e10),
  energy_import_wh: counter(),
  energy_export_wh: counter(),
  voltage_l1_v: real(0, 1e6),
  voltage_l2_v: real(0, 1e6),
  voltage_l3_v: real(0, 1e6),
  current_l1_a: real(-1e6, 1e6),
  current_l2_a: real(-1e6, 1e6),
  current_l3_a: real(-1e6, 1e6),
  reactive_power_var: real(-1e10, 1e10),
  power_factor: real(-1, 1),
  frequency_hz: real(0, 1000),
  temperature_c: real(-100, 300),
  humidity_pct: real(0, 100),
  supply_temp_c: real(-100, 300),
  return_temp_c: real(-100, 300),
  supply_pressure_bar: real(-1, 1000),
  return_pressure_bar: real(-1, 1000),
  flow_m3h: real(0, 1e6),
  pump_running: optional(integer(0, 1)),
  outlets_on: optional(integer(0, 1000)),
}

/** More alarms than this at once say no more than that something is very wrong. */
export const MOST_ALARMS = 64

/** Values outside of these limits cannot be; the device or its map is wrong. */
export const isPossible = (field: MeterField, value: number): boolean =>
  fields[field](value) === null

/** The fields of a sample; its time is judged by whoever knows the clock. */
export const checkMeterSample: Check = object({
  meter: text(36, UUID),
  at: integer(1_500_000_000_000, 4_102_444_800_000),
  poll_ms: integer(0, 3_600_000),
  outcome: oneOf(METER_OUTCOMES),
  trouble: optional(text(200)),
  alarms: optional(list(text(40, ALARM_CODE), MOST_ALARMS)),
  ...fields,
})

/** How a field grows with the ratios of the transformers. */
export function ratioOf(
  field: MeterField,
  { ctRatio, ptRatio }: Pick<MeterConfig, 'ctRatio' | 'ptRatio'>
) {
  const [current, voltage] = [ctRatio, ptRatio]
  if (field.startsWith('voltage')) return { current: 1, voltage }
  if (field.startsWith('current')) return { current, voltage: 1 }
  const isPower = field.includes('power_') && field !== 'power_factor'
  return isPower || field.startsWith('energy') ? { current, voltage } : { current: 1, voltage: 1 }
}

/**
 * Where the import counter begins at zero again for want of bits, in Wh; null: it does not in the
 * life of a meter, or it is not known.
 */
export function counterEndWh({
  registers,
  ctRatio,
  ptRatio,
}: Pick<MeterConfig, 'registers' | 'ctRatio' | 'ptRatio'>): number | null {
  const energy = registers.find(({ field }) => field === 'energy_import_wh')
  if (!energy || (energy.type !== 'u32' && energy.type !== 'u16')) return null
  return 2 ** (16 * wordsOfType(energy.type)) * energy.scale * ctRatio * ptRatio
}
