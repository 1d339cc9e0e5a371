import { join, sep } from 'node:path'

export interface Confined {
  /** Of the package that is run. */
  code: string
  /** The state folder. */
  folder: string
}

/** What a running collector changes. Not its key, its membership, its settings, nor its code. */
const WRITTEN = ['queue.db', 'miners.db', 'config.json', 'run.json']

/**
 * Flags of Node's permission model for a collector at work: it reads its code and its state, writes
 * what it must, and starts no process, no thread and no native code. Sockets are not restricted by
 * it; nor are the files that SQLite opens: those are the business of the unit's sandbox.
 */
export const permissionFlags = ({ code, folder }: Confined, env = process.env): string[] => [
  '--permission',
  ...readable({ code, folder }, env).map((path) => `--allow-fs-read=${path}`),
  // The star takes in the drafts and SQLite's journals.
  ...WRITTEN.map((name) => `--allow-fs-write=${join(folder, name)}*`),
  `--allow-fs-write=${join(folder, 'updates')}`,
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=SecurityWarning',
]

/** Code below the state folder is not named: Node 24 forgets files when both are. */
const readable = ({ code, folder }: Confined, { NODE_EXTRA_CA_CERTS: more }: NodeJS.ProcessEnv) => [
  folder,
  ...(code.startsWith(`${folder}${sep}`) ? [] : [code]),
  ...(more ? [more] : []),
]

/** Whether this process is confined. */
export const isConfined = (): boolean => process.permission !== undefined
