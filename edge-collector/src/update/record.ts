import { type Check, integer, object, optional, text } from '../../protocol/check.js'
import { PACKAGE_VERSION } from '../../protocol/updates.js'
import { readIfThere, writePrivate } from '../portal/files.js'
import { layoutOf } from './layout.js'

/** Which version runs, kept by the launcher alone. Null: the package that was installed. */
export interface Active {
  /** The highest order that was handled. */
  request: number
  version: string | null
  previous: string | null
  /** The installed package at that time: when somebody installs another one, that one counts. */
  installed: string
  /** Not proven yet. */
  trial: { since: number; starts: number } | null
  failed: { request: number; version: string; reason: string; at: number } | null
}

const version = () => text(40, PACKAGE_VERSION)
const time = () => integer(0, Number.MAX_SAFE_INTEGER)
const check: Check = object({
  request: integer(0, 2_147_483_647),
  version: optional(version()),
  previous: optional(version()),
  installed: text(40),
  trial: optional(object({ since: time(), starts: integer(0, 1000) })),
  failed: optional(object({ request: time(), version: version(), reason: text(300), at: time() })),
})

const NOTHING = { request: 0, version: null, previous: null, trial: null, failed: null }

/** The record as it lies there; null when there is none or it is damaged. */
export function readActive(folder: string): Active | null {
  const stored = parsed(readIfThere(layoutOf(folder).record))
  return check(stored) ? null : (stored as Active)
}

/** What this installed package has to run; of another installed package only the past counts. */
export function loadActive(folder: string, installed: string): Active {
  const active = readActive(folder)
  if (active?.installed === installed) return active
  const { request, failed } = active ?? NOTHING
  return { ...NOTHING, installed, request, failed }
}

export const saveActive = (folder: string, active: Active): void =>
  writePrivate(layoutOf(folder).record, `${JSON.stringify(active, null, 2)}\n`)

function parsed(stored: string | null): unknown {
  try {
    return stored === null ? null : JSON.parse(stored)
  } catch {
    return null
  }
}

/** The running collector was answered by the portal. */
export const sayReached = (folder: string, which: string): void =>
  writePrivate(layoutOf(folder).reached, `${JSON.stringify({ version: which })}\n`)

export const hasReached = (folder: string, which: string): boolean =>
  (parsed(readIfThere(layoutOf(folder).reached)) as { version?: unknown } | null)?.version === which
