import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type DiscoveryReport, type Heartbeat } from '../../protocol/messages.js'
import type { SafetyReport } from '../../protocol/safety.js'
import { Claims, type Claimed } from './claims.js'
import { inTransaction, isFull, openDatabase } from './database.js'
import { kindOf, packSamples, type Stored } from './parcels.js'
import { Reports } from './reports.js'
import { Room } from './room.js'
import { prepareTables } from './schema.js'

export interface QueueOptions {
  file: string
  maxBytes: number
  clock: () => number
}

/** How the portal's acknowledgement goes with what this queue knows. */
export type Settlement = 'ok' | 'portal_lost_data' | 'foreign_batches' | 'other_boot'

/**
 * What was read and is not yet acknowledged, on disk. The boot id is made with the file and survives
 * restarts: numbers run on where they stopped. A batch gets its number when it is first sent, not
 * when it is made; so what is thinned or dropped before leaves no gap, and what was ever sent never
 * changes. It is deleted only when the portal acknowledged everything up to its number.
 */
export class Queue {
  readonly #db: DatabaseSync
  readonly #clock: () => number
  readonly #room: Room
  readonly claims: Claims
  readonly reports: Reports

  constructor({ file, maxBytes, clock }: QueueOptions) {
    this.#db = openDatabase(file, maxBytes)
    this.#clock = clock
    prepareTables(this.#db)
    this.#room = new Room(this.#db)
    this.claims = new Claims(this.#db)
    this.reports = new Reports(this.#db, clock)
  }

  get bootId(): string {
    return String(this.#meta('boot_id'))
  }

  /**
   * Stores samples of one batch at most, all of miners or all of meters; when this returns they survive a power cut. Throws what
   * isStorageTrouble knows.
   */
  append(samples: readonly Stored[], offsetMs: number | null): void {
    this.#room.keep()
    this.#fit(() => this.#insert(samples, offsetMs))
  }

  /** Stores a report of a scan, which is never given up. */
  addReport(report: DiscoveryReport): void {
    this.#fit(() => this.reports.add('discovery', report))
  }

  /** Stores what was done to miners, which is never given up either. */
  addSafetyReport(report: SafetyReport): void {
    this.#fit(() => this.reports.add('safety', report))
  }

  /** What the portal took. Deletes what is acknowledged without a gap. */
  settle(claimed: Claimed, ackSeq: number, knownAck: number): Settlement {
    if (claimed.bootId !== this.bootId) return 'other_boot'
    if (ackSeq > Number(this.#meta('last_seq'))) return 'foreign_batches'
    // Answers overtake each other; only one to a later question than the acknowledgement tells.
    if (ackSeq < knownAck) return 'portal_lost_data'
    inTransaction(this.#db, () => {
      this.#db.prepare('update batches set is_taken = 1 where seq = ?').run(claimed.seq)
      this.#delete('seq <= ?', ackSeq)
      this.#db.prepare(`update meta set value = max(value, ?) where name = 'ack_seq'`).run(ackSeq)
    })
    return 'ok'
  }

  get ackSeq(): number {
    return Number(this.#meta('ack_seq'))
  }

  /** Too large for the portal, so not taken: half of it goes under another number. */
  split(claimed: Claimed): void {
    const samples = claimed.items()
    if (samples.length < 2) return this.setAside(claimed, 'too_large')
    const middle = Math.ceil(samples.length / 2)
    inTransaction(this.#db, () => {
      this.#replace(claimed.seq, samples.slice(0, middle))
      this.#insert(samples.slice(middle), claimed.offsetMs, claimed.createdAt)
    })
  }

  /** The portal cannot read it: it stays here for somebody to look at, its number is sent empty. */
  setAside(claimed: Claimed, reason: string): void {
    const samples = claimed.items()
    inTransaction(this.#db, () => {
      this.#db
        .prepare('insert into quarantine (at, reason, gz) values (?, ?, ?)')
        .run(this.#clock(), reason.slice(0, 500), claimed.gz)
      this.#db.exec('delete from quarantine where id <= (select max(id) - 20 from quarantine)')
      this.#replace(claimed.seq, [])
      this.count('quarantined', samples.length)
    })
  }

  /**
   * The numbers of this boot are worth nothing any more: everything that the portal has not said to
   * have goes under a new boot id. What it took without us hearing of it comes twice then, under the
   * same miner and time.
   */
  renewBoot(): void {
    inTransaction(this.#db, () => {
      this.#delete('is_taken = 1')
      this.#db.exec('update batches set seq = null, attempts = 0 where seq is not null')
      const put = this.#db.prepare('update meta set value = ? where name = ?')
      put.run(randomUUID(), 'boot_id')
      put.run(0, 'last_seq')
      put.run(0, 'ack_seq')
    })
  }

  /** Adds to one of the sums that survive restarts. */
  count(name: 'dropped' | 'quarantined', more: number): void {
    this.#db.prepare('update meta set value = value + ? where name = ?').run(more, name)
  }

  stats(): Heartbeat['queue'] & { thinned: number; dropped: number; quarantined: number } {
    const row = this.#db
      .prepare(
        `select count(*) as batches, coalesce(sum(bytes), 0) as bytes, min(created_at) as oldest
         from batches where is_taken = 0`
      )
      .get()!
    const [thinned, dropped] = [Number(this.#meta('thinned')), Number(this.#meta('dropped'))]
    return {
      batches: Number(row.batches),
      bytes: Number(row.bytes) + this.reports.bytes(),
      oldestAt: row.oldest === null ? null : Number(row.oldest),
      droppedSamples: thinned + dropped,
      thinned,
      dropped,
      quarantined: Number(this.#meta('quarantined')),
    }
  }

  close(): void {
    this.#db.close()
  }

  #fit(put: () => void): void {
    for (;;) {
      try {
        inTransaction(this.#db, put)
        return
      } catch (error) {
        if (!isFull(error) || !this.#room.force()) throw error
      }
    }
  }

  #insert(samples: readonly Stored[], offsetMs: number | null, createdAt = this.#clock()): void {
    const gz = packSamples(samples)
    const { lastInsertRowid: id } = this.#db
      .prepare(
        'insert into batches (created_at, samples, bytes, offset_ms, kind) values (?, ?, ?, ?, ?)'
      )
      .run(
        createdAt,
        samples.length,
        gz.length,
        offsetMs,
        samples[0] ? kindOf(samples[0]) : 'samples'
      )
    this.#db.prepare('insert into bodies (id, gz) values (?, ?)').run(id, gz)
  }

  #replace(seq: number, samples: readonly Stored[]): void {
    const gz = packSamples(samples)
    this.#db
      .prepare('update bodies set gz = ? where id = (select id from batches where seq = ?)')
      .run(gz, seq)
    this.#db
      .prepare('update batches set samples = ?, bytes = ? where seq = ?')
      .run(samples.length, gz.length, seq)
  }

  #delete(where: string, ...values: number[]): void {
    this.#db
      .prepare(`delete from bodies where id in (select id from batches where ${where})`)
      .run(...values)
    this.#db.prepare(`delete from batches where ${where}`).run(...values)
  }

  #meta(name: string) {
    return this.#db.prepare('select value from meta where name = ?').get(name)!.value
  }
}
