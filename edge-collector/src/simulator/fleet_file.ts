import {
  type Check,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  text,
} from '../../protocol/check.js'
import { toNumber } from '../../protocol/ranges.js'
import { checkDevices, type DeviceRow } from './device_rows.js'
import { type Fault, type FaultKind, MACHINE_FAULTS, WIRE_FAULTS } from './faults.js'
import { STRANGERS, type Stranger } from './strangers.js'

/** Alike machines at addresses that follow each other. */
export interface Group {
  count: number
  /** The first address, on loopback. */
  base: string
  /** Of the catalogue; absent for what is no miner. */
  model?: string
  /** Folder of a recording to play again, in place of a model; see `template.ts`. */
  template?: string
  /** Not a miner, but something that stands in a network as well. */
  stranger?: Stranger
  /** Account at the pool, to which the number of the machine is added. */
  worker?: string
  pools?: string[]
  user?: string
  password?: string
  firmware?: string
}

/** What befalls machines: those of these indexes, or a share of all, chosen by the seed. */
export interface FaultRow extends Omit<Fault, 'kind' | 'from' | 'to'> {
  kind: FaultKind
  /** Seconds after the site began. */
  atS: number
  /** Seconds; absent: for good. */
  forS?: number
  indexes?: number[]
  /** Of all machines, 0 to 1. */
  of?: number
}

/** A fleet and what befalls it; a scenario file has `faults` only. */
export interface FleetFile {
  seed: number
  /** When the site begins, RFC 3339; absent: now. */
  startAt?: string
  /** Air of the site, °C: mean over the day. */
  ambientC?: number
  groups: Group[]
  /** Meters and containers. */
  devices?: DeviceRow[]
  faults?: FaultRow[]
}

const LOOPBACK = /^127(\.\d{1,3}){3}$/
const loopback: Check = (value) =>
  text(15, LOOPBACK)(value) ??
  (toNumber(value as string) === null ? { field: '', reason: 'bad_form' as const } : null)

const share = () => number(0, 1)
const seconds = () => number(0, 1e9)

const faultRow = object({
  kind: oneOf([...MACHINE_FAULTS, ...WIRE_FAULTS]),
  atS: seconds(),
  forS: optional(seconds()),
  indexes: optional(list(integer(0, 1e7), 100_000)),
  of: optional(share()),
  slot: optional(integer(0, 100)),
  share: optional(number(0, 10)),
  periodS: optional(number(1, 1e7)),
  downS: optional(seconds()),
  offsetS: optional(number(-1e9, 1e9)),
  mode: optional(oneOf(['low', 'normal', 'high'])),
  fields: optional(list(text(60), 100)),
  becomes: optional(text(200)),
  version: optional(text(200)),
})

export const checkFaults: Check = list(faultRow, 10_000)

export const checkFleet: Check = object({
  seed: integer(0, Number.MAX_SAFE_INTEGER),
  startAt: optional(text(40, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)),
  ambientC: optional(number(-60, 60)),
  groups: list(
    object({
      count: integer(1, 1_000_000),
      base: loopback,
      model: optional(text(80)),
      template: optional(text(500)),
      stranger: optional(oneOf(STRANGERS)),
      worker: optional(text(120)),
      pools: optional(list(text(300), 3)),
      user: optional(text(80)),
      password: optional(text(80)),
      firmware: optional(text(80)),
    }),
    1000
  ),
  devices: optional(checkDevices),
  faults: optional(checkFaults),
})
