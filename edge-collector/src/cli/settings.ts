import { parseRange } from '../../protocol/ranges.js'
import { join } from 'node:path'
import { type Check, flag, integer, list, object, optional, text } from '../../protocol/check.js'
import { AllowList, SITE_NETWORKS } from '../discovery/ranges.js'
import { readIfThere } from '../portal/files.js'
import { Refusal } from '../portal/refusal.js'
import type { Credentials } from '../wire/contract.js'

/**
 * What only this machine knows, in `edge.json` of the state folder: it is never sent anywhere, and
 * the portal cannot change it.
 */
export interface Settings {
  /** Where miners may stand at all; instead of the private networks. */
  networks: string[]
  /** Logins of miners. The first that fits counts. */
  credentials: { addresses: string; driver?: string; user: string; password: string }[]
  /** Of the status page on loopback; 0: any that is free. */
  statusPort: number
  queueMegabytes: number
  /** Listens when somebody presses the button of a miner. */
  ipReports: boolean
}

const DEFAULTS: Settings = {
  networks: SITE_NETWORKS,
  credentials: [],
  statusPort: 0,
  queueMegabytes: 512,
  ipReports: true,
}

const range: Check = (value) =>
  text(100)(value) ??
  (parseRange(value as string) ? null : { field: '', reason: 'bad_form' as const })

const check = object({
  networks: optional(list(range, 100)),
  credentials: optional(
    list(
      object({
        addresses: range,
        driver: optional(text(40)),
        user: text(200),
        password: text(200),
      }),
      1000
    )
  ),
  statusPort: optional(integer(0, 65_535)),
  queueMegabytes: optional(integer(16, 1_000_000)),
  ipReports: optional(flag()),
})

/** The settings of a state folder; without a file the defaults. Throws Refusal. */
export function loadSettings(folder: string): Settings {
  const path = join(folder, 'edge.json')
  const stored = readIfThere(path)
  if (stored === null) return DEFAULTS
  let given: unknown
  try {
    given = JSON.parse(stored)
  } catch (error) {
    throw new Refusal(`${path}: ${(error as Error).message}`)
  }
  const fault = check(given)
  if (fault) throw new Refusal(`${path}: ${fault.field || 'the file'} ${fault.reason}`)
  return { ...DEFAULTS, ...(given as Partial<Settings>) }
}

/** The login for a miner; null: nobody configured one. */
export function credentialsFor(settings: Settings, ip: string, driver: string): Credentials | null {
  const found = settings.credentials.find(
    (one) =>
      (one.driver === undefined || one.driver === driver) &&
      new AllowList([one.addresses], [one.addresses]).isAllowed(ip)
  )
  return found ? { user: found.user, password: found.password } : null
}
