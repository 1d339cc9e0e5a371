import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const PAGE_BYTES = 4096

/**
 * Opens a database of at most so many bytes that only this process may use: a second collector in
 * the same folder would give the same numbers to other samples. The lock goes with the process,
 * however it ends. FULL: what was committed survives a power cut.
 */
export function openDatabase(file: string, maxBytes: number): DatabaseSync {
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  const db = new DatabaseSync(file)
  try {
    db.exec(`
      pragma page_size = ${PAGE_BYTES};
      pragma locking_mode = exclusive;
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma wal_autocheckpoint = 128;
      pragma journal_size_limit = ${128 * PAGE_BYTES};
      pragma cache_size = -8192;
      pragma max_page_count = ${Math.max(16, Math.floor(maxBytes / PAGE_BYTES))};
    `)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** Runs the work in one transaction; nothing of it stays when it throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('begin immediate')
  try {
    const result = work()
    db.exec('commit')
    return result
  } catch (error) {
    // SQLite rolls back by itself when the disk is full.
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}

/** The number that a pragma or a count gives. */
export function numberOf(db: DatabaseSync, sql: string): number {
  const row = db.prepare(sql).get() ?? {}
  return Number(Object.values(row)[0] ?? 0)
}

const FULL = 13
const IO_ERROR = 10
const BUSY = 5

const isOneOf = (error: unknown, ...codes: number[]): boolean => {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' && codes.includes(code & 0xff)
}

/** The disk or the bound is full, or the disk fails: the program goes on and says so. */
export const isStorageTrouble = (error: unknown): error is Error => isOneOf(error, FULL, IO_ERROR)

/** The disk or the bound is full. */
export const isFull = (error: unknown): boolean => isOneOf(error, FULL)

/** Somebody else holds the file. */
export const isInUse = (error: unknown): boolean => isOneOf(error, BUSY)
