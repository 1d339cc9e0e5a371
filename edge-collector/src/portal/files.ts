import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** O_SYNC: on disk before it gets its name. Node's permission model forbids to ask for that later. */
const DRAFT = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_SYNC ?? 0)

/**
 * Writes a file that only its owner may read, as a whole or not at all: a power cut leaves the old
 * one or the new one.
 */
export function writePrivate(path: string, text: string | Uint8Array): void {
  const folder = dirname(path)
  // A confined process may write its files, not the folder.
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.new`
  const file = openSync(draft, DRAFT, 0o600)
  try {
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
  if (process.permission === undefined) syncFolder(folder)
}

/** Then the new name is on disk too. Confined, a power cut may bring the old file back, whole. */
function syncFolder(folder: string): void {
  const place = openSync(folder, 'r')
  try {
    fsyncSync(place)
  } finally {
    closeSync(place)
  }
}

/** The text of a file, null when it is not there. */
export const readIfThere = (path: string): string | null =>
  existsSync(path) ? readFileSync(path, 'utf8') : null
