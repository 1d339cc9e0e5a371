import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { UpdateOrder } from '../../protocol/updates.js'
import { ConfigStore } from '../portal/config.js'
import { writePrivate } from '../portal/files.js'
import { loadMembership } from '../portal/identity.js'
import { layoutOf } from '../update/layout.js'
import { openPackage } from '../update/package_file.js'
import { type Active, saveActive } from '../update/record.js'
import { BadPackage } from '../update/tar.js'
import { permissionFlags } from './permissions.js'

/** The package that this launcher belongs to. */
export interface Installed {
  /** Its folder. */
  home: string
  version: string
}

const CHECK_MS = 60_000

/** The folder of the code that is to run. */
export const codeOf = (folder: string, { home }: Installed, { version }: Active): string =>
  version === null ? home : layoutOf(folder).code(version)

export const binOf = (code: string) => join(code, 'bin', 'hashinsight-edge.js')

/** The version that the portal ordered, signed with the key that was pinned at enrolment. */
function orderIn(folder: string): UpdateOrder | null {
  const membership = loadMembership(folder)
  return (membership && new ConfigStore(folder, membership).config?.update) ?? null
}

/**
 * Makes the ordered version the one to run, on trial, if its package is here and is what was
 * ordered. The collector that fetched it is not believed: everything is checked again.
 */
export async function takeOrder(
  folder: string,
  installed: Installed,
  active: Active,
  clock: () => number
): Promise<Active> {
  const order = orderIn(folder)
  if (!order || order.request <= active.request) return active
  const { request, version } = order
  if (version === (active.version ?? installed.version)) {
    return keep(folder, { ...active, request, failed: null })
  }
  const packed = layoutOf(folder).packed(order.sha256)
  if (!existsSync(packed)) return active
  try {
    unpack(folder, packed, order, active.version ?? installed.version)
    await selfCheck(folder, version)
  } catch (error) {
    if (!(error instanceof BadPackage)) throw error
    rmSync(layoutOf(folder).code(version), { recursive: true, force: true })
    return keep(folder, {
      ...active,
      request,
      failed: failure(request, version, error.message, clock),
    })
  } finally {
    rmSync(packed, { force: true })
  }
  const trial = { since: clock(), starts: 0 }
  return keep(folder, {
    ...active,
    request,
    version,
    previous: active.version,
    trial,
    failed: null,
  })
}

/** Back to the version that ran before. */
export function rollBack(
  folder: string,
  active: Active,
  reason: string,
  clock: () => number
): Active {
  const { request, version, previous } = active
  if (version === null) return active
  const before = { ...active, version: previous, previous: null, trial: null }
  const next = keep(folder, { ...before, failed: failure(request, version, reason, clock) })
  rmSync(layoutOf(folder).code(version), { recursive: true, force: true })
  return next
}

/** The new version is proven; what ran before is kept, older ones are not. */
export function prove(folder: string, active: Active): Active {
  const next = keep(folder, { ...active, trial: null })
  const { versions, record } = layoutOf(folder)
  for (const name of readdirSync(versions)) {
    const path = join(versions, name)
    if (path !== record && name !== next.version && name !== next.previous) {
      rmSync(path, { recursive: true })
    }
  }
  return next
}

/** Writes it down and gives it. */
export const keep = (folder: string, active: Active): Active => {
  saveActive(folder, active)
  return active
}

const failure = (request: number, version: string, reason: string, clock: () => number) => ({
  request,
  version,
  reason: reason.slice(0, 300),
  at: clock(),
})

/** All files are written beside, then the folder gets its name: there is no half of a version. */
function unpack(folder: string, packed: string, order: UpdateOrder, running: string): void {
  const files = openPackage(readFileSync(packed), order, running)
  const place = layoutOf(folder).code(order.version)
  const draft = `${place}.new`
  rmSync(draft, { recursive: true, force: true })
  for (const { name, bytes } of files) {
    const path = join(draft, name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writePrivate(path, bytes)
  }
  rmSync(place, { recursive: true, force: true })
  renameSync(draft, place)
}

/** Opens everything as a start would, as confined as a start would be, and starts nothing. */
async function selfCheck(folder: string, version: string): Promise<void> {
  const code = layoutOf(folder).code(version)
  const words = [...permissionFlags({ code, folder }), binOf(code)]
  try {
    await promisify(execFile)(process.execPath, [...words, 'run', '--check', '--state', folder], {
      timeout: CHECK_MS,
    })
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string }
    const lines = stderr.trim().split('\n')
    const said = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1)
    throw new BadPackage(`it does not start here: ${said || message}`)
  }
}
