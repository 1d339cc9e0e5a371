import { type Check, flag, integer, object, oneOf, optional, text } from './check.js'

/** What a package may weigh, packed and unpacked. */
export const PACKAGE_LIMITS = {
  packedBytes: 8 * 1024 * 1024,
  unpackedBytes: 32 * 1024 * 1024,
  files: 5000,
} as const

/** `0.1.0+0123456789ab`: of the package, and the first digits of the hash of what is in it. */
export const PACKAGE_VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}(\+[0-9a-f]{12})?$/

/**
 * The version that a collector is to run. It travels inside the signed config, so it has the
 * signature, the addressee and the "never goes back" of that.
 */
export interface UpdateOrder {
  /** Raised with each order: one that was handled is not handled again. */
  request: number
  version: string
  /** Of the packed file, in hex. */
  sha256: string
  /** An older version than the one that runs is meant. */
  mayDowngrade: boolean
}

export const checkUpdateOrder: Check = object({
  request: integer(1, 2_147_483_647),
  version: text(40, PACKAGE_VERSION),
  sha256: text(64, /^[0-9a-f]{64}$/),
  mayDowngrade: flag(),
})

export const UPDATE_STATES = ['fetching', 'staged', 'trial', 'good', 'failed'] as const
export type UpdateState = (typeof UPDATE_STATES)[number]

/** What became of the order that a collector heard last. */
export interface UpdateReport {
  request: number
  version: string
  state: UpdateState
  /** Why it failed, or what it waits for. */
  reason: string | null
}

export const checkUpdateReport: Check = object({
  request: integer(1, 2_147_483_647),
  version: text(40, PACKAGE_VERSION),
  state: oneOf(UPDATE_STATES),
  reason: optional(text(300)),
})

/** Whether `next` is an older package than `now`; versions that differ in their hash only are not. */
export function isOlder(next: string, now: string): boolean {
  const [a, b] = [numbersOf(next), numbersOf(now)]
  for (const [index, part] of a.entries()) {
    if (part !== b[index]) return part < (b[index] ?? 0)
  }
  return false
}

const numbersOf = (version: string) => version.split('+')[0]!.split('.').map(Number)
