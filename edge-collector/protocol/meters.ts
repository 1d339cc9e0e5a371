import {
  type Check,
  type Fault,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  text,
} from './check.js'

/**
 * What a meter or a sensor says, in units that its name carries; null: it does not say. Counters are
 * whole watt-hours that a double holds exactly.
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
] as const
export type MeterField = (typeof METER_FIELDS)[number]
export type MeterValues = Record<MeterField, number | null>

export const REGISTER_TYPES = ['u16', 'i16', 'u32', 'i32', 'f32', 'u64', 'i64'] as const
export type RegisterType = (typeof REGISTER_TYPES)[number]

/** How many registers of 16 bits a type takes. */
export const wordsOfType = (type: RegisterType): number =>
  type.endsWith('16') ? 1 : type.endsWith('32') ? 2 : 4

/** One value in the registers of a device. */
export interface Register {
  field: MeterField
  /** As it goes over the wire, from 0: documents that count from 1 are one higher. */
  address: number
  /** Modbus function: 3 holding registers, 4 input registers. */
  fn: 3 | 4
  type: RegisterType
  /** Which word of a longer value comes first; bytes in a word are big-endian always. */
  order: 'high_first' | 'low_first'
  /** What one count is worth in the unit of the field. */
  scale: number
  /** The pattern that means "not available", in hexadecimal as on the wire. */
  none?: string | null
}

/** What is known of a kind of device, as data. */
export interface MeterMap {
  /** Stable, it is stored. */
  name: string
  /** For people. */
  label: string
  /** The document that the registers are from. */
  source: string
  registers: readonly Register[]
}

/** Most of one device: a poll must not become a download. */
export const MOST_REGISTERS = 40

const register: Check = object({
  field: oneOf(METER_FIELDS),
  address: integer(0, 65_535),
  fn: oneOf([3, 4]),
  type: oneOf(REGISTER_TYPES),
  order: oneOf(['high_first', 'low_first']),
  scale: number(1e-9, 1e9),
  none: optional(text(16, /^([0-9a-f]{4}){1,4}$/i)),
})

/** What the form of each entry does not tell: a value ends inside the device, and no field comes twice. */
const sensible: Check = (value) => {
  const seen = new Set<string>()
  for (const [index, one] of (value as Register[]).entries()) {
    const words = wordsOfType(one.type)
    if (one.address + words > 65_536) return at(index, 'address', 'out_of_range')
    if (one.none && one.none.length !== words * 4) return at(index, 'none', 'bad_form')
    if (seen.has(one.field)) return at(index, 'field', 'not_allowed')
    seen.add(one.field)
  }
  return seen.size === 0 ? { field: '', reason: 'missing' } : null
}

const at = (index: number, name: string, reason: Fault['reason']): Fault => ({
  field: `${index}.${name}`,
  reason,
})

/** The registers of a generic map, as an admin wrote them. */
export const checkRegisters: Check = (value) =>
  list(register, MOST_REGISTERS)(value) ?? sensible(value)

/** A meter or sensor of a site, as its collector is told. */
export interface MeterConfig {
  id: string
  ip: string
  port: number
  /** Behind a gateway each device has its own; 255 or 1 for a device by itself. */
  unit: number
  /** Seconds between polls. */
  pollSeconds: number
  registers: Register[]
  /** Primary over secondary of the current and voltage transformers, when the device reports secondary values. */
  ctRatio: number
  ptRatio: number
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const checkMeterConfig: Check = object({
  id: text(36, UUID),
  ip: text(15, /^\d{1,3}(\.\d{1,3}){3}$/),
  port: integer(1, 65_535),
  unit: integer(0, 255),
  pollSeconds: integer(15, 60),
  registers: checkRegisters,
  ctRatio: number(1e-6, 1e6),
  ptRatio: number(1e-6, 1e6),
})

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
}

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
