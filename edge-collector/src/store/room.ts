import type { DatabaseSync } from 'node:sqlite'
import { LIMITS } from '../../protocol/messages.js'
import { inTransaction, numberOf } from './database.js'
import {
  BUCKET_MS,
  type Kind,
  packSamples,
  type Stored,
  Thinner,
  unpackSamples,
} from './parcels.js'

/** Above this share of the bound room is made; the rest is for reports and for the moment. */
const FULL_SHARE = 0.85
/** Samples whose clock was corrected alike may travel together. */
const SAME_OFFSET_MS = 1000

interface Row {
  id: number
  created_at: number
  samples: number
  offset_ms: number | null
  kind: Kind
}

/**
 * Keeps a queue below its bound. Only what was never sent is touched: a batch that has a number may
 * be in the portal already, and under that number nothing else may follow.
 */
export class Room {
  readonly #db: DatabaseSync
  readonly #maxPages: number

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#maxPages = numberOf(db, 'pragma max_page_count')
  }

  usedShare(): number {
    const used =
      numberOf(this.#db, 'pragma page_count') - numberOf(this.#db, 'pragma freelist_count')
    return used / this.#maxPages
  }

  /**
   * Thins the oldest five minutes, and where all is thin already, drops the oldest samples. One
   * step at a time, as it holds up everything else; each frees far more than a batch takes.
   */
  keep(): void {
    if (this.usedShare() <= FULL_SHARE || this.#thinOldest()) return
    while (this.usedShare() > FULL_SHARE && this.#dropOldest());
  }

  /**
   * When something did not fit. False: there is nothing to give up, or it was not the bound that
   * was in the way but the disk, which giving up does not help.
   */
  force(): boolean {
    if (this.usedShare() < FULL_SHARE - 0.1) return false
    return this.#thinOldest() || this.#dropOldest()
  }

  #dropOldest(): boolean {
    return inTransaction(this.#db, () => {
      const rows = this.#unsent('', 1)
      this.#forget(rows)
      for (const { samples } of rows) this.#count('dropped', samples)
      return rows.length > 0
    })
  }

  #thinOldest(): boolean {
    return inTransaction(this.#db, () => {
      const rows = this.#oldestThick()
      if (rows.length === 0) return false
      const thinner = new Thinner()
      for (const row of rows.toReversed()) thinner.add(this.#samplesOf(row.id).toReversed())
      const kept = thinner.kept()
      this.#forget(rows)
      this.#put(kept, rows)
      this.#count('thinned', thinner.seen - kept.length)
      return true
    })
  }

  /**
   * The oldest five minutes that were not thinned yet and are over: those of now, thinned batch by
   * batch as they come, would stay as thick as they are and count as thin.
   */
  #oldestThick(): Row[] {
    const [oldest] = this.#unsent('and is_thinned = 0', 1)
    if (!oldest) return []
    const endsAt = (Math.floor(oldest.created_at / BUCKET_MS) + 1) * BUCKET_MS
    if (numberOf(this.#db, 'select max(created_at) from batches') < endsAt) return []
    return this.#unsent(`and is_thinned = 0 and created_at < ${endsAt}`).filter(
      (row) => row.kind === oldest.kind && isSameOffset(row.offset_ms, oldest.offset_ms)
    )
  }

  /** What is left takes the places of the first rows, so that the order stays. */
  #put(kept: readonly Stored[], rows: readonly Row[]): void {
    const size = LIMITS.samplesPerBatch
    for (let start = 0, place = 0; start < kept.length; start += size, place++) {
      const samples = kept.slice(start, start + size)
      const { id, created_at: createdAt, offset_ms: offsetMs, kind } = rows[place]!
      const gz = packSamples(samples)
      this.#db
        .prepare(
          `insert into batches (id, is_thinned, created_at, samples, bytes, offset_ms, kind)
           values (?, 1, ?, ?, ?, ?, ?)`
        )
        .run(id, createdAt, samples.length, gz.length, offsetMs, kind)
      this.#db.prepare('insert into bodies (id, gz) values (?, ?)').run(id, gz)
    }
  }

  #unsent(where: string, limit = -1): Row[] {
    const sql = `select id, created_at, samples, offset_ms, kind from batches
      where seq is null ${where} order by id limit ${limit}`
    return this.#db.prepare(sql).all() as unknown as Row[]
  }

  #samplesOf(id: number): Stored[] {
    const row = this.#db.prepare('select gz from bodies where id = ?').get(id)
    return row ? unpackSamples(row.gz as Uint8Array) : []
  }

  #forget(rows: readonly Row[]): void {
    const bodies = this.#db.prepare('delete from bodies where id = ?')
    const batches = this.#db.prepare('delete from batches where id = ?')
    for (const { id } of rows) {
      bodies.run(id)
      batches.run(id)
    }
  }

  #count(name: string, more: number): void {
    this.#db.prepare('update meta set value = value + ? where name = ?').run(more, name)
  }
}

export const isSameOffset = (one: number | null, other: number | null): boolean =>
  one === null || other === null ? one === other : Math.abs(one - other) < SAME_OFFSET_MS
