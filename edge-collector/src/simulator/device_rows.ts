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
import type { DeviceKindOfDemo } from '../../protocol/demo.js'
import { toNumber } from '../../protocol/ranges.js'
import type { FaultRow } from './fleet_file.js'

/** What can be simulated besides miners. */
export const DEVICES = [
  'abb_meter',
  'microbt_container',
  'antspace_hk3',
] as const satisfies readonly DeviceKindOfDemo[]

/**
 * `pump`: the circulating pump stands, and the machines behind it get hot; `leak` and `smoke`: a
 * detector says so; `silent`: it takes connections and says nothing.
 */
export const DEVICE_FAULTS = ['pump', 'leak', 'smoke', 'silent'] as const
export type DeviceFaultKind = (typeof DEVICE_FAULTS)[number]

export interface DeviceFaultRow {
  kind: DeviceFaultKind
  /** Seconds after the site began. */
  atS: number
  /** Seconds; absent: for good. */
  forS?: number
}

/** A device at an address of its own, with the machines that it feeds or cools. */
export interface DeviceRow {
  kind: DeviceKindOfDemo
  /** On loopback, where no machine stands. */
  ip: string
  /** Its machines among all: the number of the first, and how many follow. */
  first: number
  count: number
  faults?: DeviceFaultRow[]
}

/** Twelve PDUs with twenty sockets each. */
const MOST_IN_MICROBT = 240
/** Until the machines notice that nothing flows any more. */
const HEAT_AFTER_S = 60
const HEAT_SHARE = 1.1

const seconds = () => number(0, 1e9)

export const checkDevices: Check = list(
  object({
    kind: oneOf(DEVICES),
    ip: text(15, /^127(\.\d{1,3}){3}$/),
    first: integer(0, 1e7),
    count: integer(1, 10_000),
    faults: optional(
      list(object({ kind: oneOf(DEVICE_FAULTS), atS: seconds(), forS: optional(seconds()) }), 1000)
    ),
  }),
  100
)

/** Throws RangeError for devices that cannot be at a site of so many machines. */
export function refuseDevices(
  devices: readonly DeviceRow[],
  miners: number,
  isTaken: (address: number) => boolean
): void {
  const seen = new Set<number>()
  for (const { kind, ip, first, count } of devices) {
    const address = toNumber(ip)
    if (address === null || isTaken(address) || seen.has(address)) {
      throw new RangeError(`the device at ${ip} needs an address of its own`)
    }
    seen.add(address)
    if (first + count > miners) throw new RangeError(`the device at ${ip}: no such machines`)
    if (kind === 'microbt_container' && count > MOST_IN_MICROBT) {
      throw new RangeError(`the device at ${ip}: at most ${MOST_IN_MICROBT} machines`)
    }
  }
}

/** What befalls machines because of what befalls the device that cools them. */
export const consequencesOf = (devices: readonly DeviceRow[]): FaultRow[] =>
  devices.flatMap(({ faults = [], first, count }) =>
    faults.flatMap(({ kind, atS, forS }): FaultRow[] => {
      if (kind !== 'pump' || (forS !== undefined && forS <= HEAT_AFTER_S)) return []
      return [
        {
          kind: 'overheat',
          atS: atS + HEAT_AFTER_S,
          ...(forS === undefined ? {} : { forS: forS - HEAT_AFTER_S }),
          indexes: Array.from({ length: count }, (_, step) => first + step),
          share: HEAT_SHARE,
        },
      ]
    })
  )
