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
import { METER_FIELDS, type MeterField } from './meter_fields.js'

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

/** One alarm in the registers of a device. */
export interface Flag {
  /** What people are told; several flags may have one. */
  code: string
  fn: 3 | 4
  address: number
  /** Of the register, 0 the lowest; null: its whole value. */
  bit: number | null
  /** What stands there while the alarm is on. */
  is: number
}

/** The sockets of a PDU, a register each: `outlets_on` is how many of them hold `on`. */
export interface Outlets {
  fn: 3 | 4
  address: number
  count: number
  on: number
}

/** A device that answers a GET with one JSON object. */
export interface HttpReads {
  path: string
  /** The key under which its values are. */
  within: string
  /** Several keys are added up; true counts as 1, and of `pump_running` any pump will do. */
  fields: { field: MeterField; keys: string[]; scale: number }[]
  /** Keys that are true while something is wrong; in lower case they are the codes. */
  alarms: string[]
}

/** All that is asked of a device: Modbus, or HTTP when `http` is there. */
export interface MeterReads {
  registers: readonly Register[]
  flags?: readonly Flag[] | null
  outlets?: Outlets | null
  http?: HttpReads | null
}

/** Most of one device: a poll must not become a download. */
export const MOST_REGISTERS = 40
const MOST_FLAGS = 128
const MOST_OUTLETS = 100
const MOST_KEYS = 8

/** Codes of alarms, as the portal stores them. */
export const ALARM_CODE = /^[a-z][a-z0-9_]*$/

const fn = () => oneOf([3, 4])
const address = () => integer(0, 65_535)

const register: Check = object({
  field: oneOf(METER_FIELDS),
  address: address(),
  fn: fn(),
  type: oneOf(REGISTER_TYPES),
  order: oneOf(['high_first', 'low_first']),
  scale: number(1e-9, 1e9),
  none: optional(text(16, /^([0-9a-f]{4}){1,4}$/i)),
})

const at = (index: number, name: string, reason: Fault['reason']): Fault => ({
  field: `${index}.${name}`,
  reason,
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
  return null
}

const registers: Check = (value) => list(register, MOST_REGISTERS)(value) ?? sensible(value)

/** The registers of a generic map, as an admin wrote them. */
export const checkRegisters: Check = (value) => some(registers)(value)

const flags = list(
  object({
    code: text(40, ALARM_CODE),
    fn: fn(),
    address: address(),
    bit: optional(integer(0, 15)),
    is: integer(0, 65_535),
  }),
  MOST_FLAGS
)

const outlets: Check = (value) => {
  const bad = object({
    fn: fn(),
    address: address(),
    count: integer(1, MOST_OUTLETS),
    on: integer(0, 65_535),
  })(value)
  if (bad) return bad
  const { address: from, count } = value as Outlets
  return from + count > 65_536 ? { field: 'count', reason: 'out_of_range' } : null
}

/** A list with something in it. */
const some =
  (check: Check): Check =>
  (value) =>
    check(value) ?? ((value as unknown[]).length === 0 ? { field: '', reason: 'missing' } : null)

const key = () => text(60, /^\w+$/)

const http = object({
  path: text(200, /^\/[\x21-\x7e]*$/),
  within: key(),
  fields: list(
    object({
      field: oneOf(METER_FIELDS),
      keys: some(list(key(), MOST_KEYS)),
      scale: number(1e-9, 1e9),
    }),
    MOST_REGISTERS
  ),
  alarms: list(text(40, /^[A-Za-z]\w*$/), MOST_FLAGS),
})

/** The checks of what a device is asked; one of them at least is there. */
export const READS: Record<keyof MeterReads, Check> = {
  registers,
  flags: optional(flags),
  outlets: optional(outlets),
  http: optional(http),
}

/** Whether there is anything to ask. */
export const asksAnything = ({
  registers: values,
  flags: alarms,
  outlets: sockets,
  http: page,
}: MeterReads) => values.length > 0 || Boolean(alarms?.length) || Boolean(sockets) || Boolean(page)
