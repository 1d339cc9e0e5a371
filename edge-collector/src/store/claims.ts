import type { DatabaseSync } from 'node:sqlite'
import { LIMITS } from '../../protocol/messages.js'
import type { Sample } from '../../protocol/sample.js'
import { inTransaction } from './database.js'
import { type Kind, packSamples, type Stored, unpackSamples } from './parcels.js'
import { isSameOffset } from './room.js'

/** A batch with a number, to be sent as it is until the portal takes it. */
export interface Claimed {
  bootId: string
  seq: number
  createdAt: number
  /** Portal minus collector when it was made; null: not known then. */
  offsetMs: number | null
  /** How often it was sent before. */
  attempts: number
  kind: Kind
  /** The JSON of what it holds, compressed. */
  gz: Uint8Array
  items(): Stored[]
  /** Those of miners. */
  samples(): Sample[]
}

interface Row {
  id: number
  seq: number | null
  attempts: number
  created_at: number
  samples: number
  bytes: number
  offset_ms: number | null
  kind: Kind
}

const COLUMNS = 'id, seq, attempts, created_at, samples, bytes, offset_ms, kind'
/** Of a batch that is put together from several, compressed. */
const MERGED_BYTES = 512 * 1024
const MERGED_ROWS = 200

/** Takes batches out of the queue to send them: the number is on disk before a byte leaves. */
export class Claims {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** The newest one that was never sent, if it is not from before this time. */
  newest(since = Number.MIN_SAFE_INTEGER): Claimed | null {
    const row = this.#one(`where seq is null and created_at >= ${since} order by id desc limit 1`)
    return row && this.#claim(row)
  }

  /** The oldest ones from before this time, put together as far as they fit into one batch. */
  oldest(before: number): Claimed | null {
    const rows = this.#all(
      `where seq is null and created_at < ${before} order by id limit ${MERGED_ROWS}`
    )
    const [first] = rows
    if (!first) return null
    const together = startOf(rows, first)
    return together.length === 1 ? this.#claim(first) : this.#claimMerged(together)
  }

  /** One that was sent already and not taken, the least tried first. */
  sentBefore(isBusy: (seq: number) => boolean): Claimed | null {
    const rows = this.#all('where seq is not null and is_taken = 0 order by attempts, seq')
    const row = rows.find(({ seq }) => !isBusy(seq!))
    return row ? this.#claim(row) : null
  }

  #claimMerged(rows: readonly Row[]): Claimed {
    const samples = rows.flatMap(({ id }) => unpackSamples(this.#body(id)))
    const gz = packSamples(samples)
    const first = rows[0]!
    inTransaction(this.#db, () => {
      for (const { id } of rows.slice(1)) {
        this.#db.prepare('delete from bodies where id = ?').run(id)
        this.#db.prepare('delete from batches where id = ?').run(id)
      }
      this.#db.prepare('update bodies set gz = ? where id = ?').run(gz, first.id)
      this.#db
        .prepare('update batches set samples = ?, bytes = ? where id = ?')
        .run(samples.length, gz.length, first.id)
    })
    return this.#claim(first)
  }

  #claim(row: Row): Claimed {
    const seq = inTransaction(this.#db, () => {
      this.#db.prepare('update batches set attempts = attempts + 1 where id = ?').run(row.id)
      if (row.seq !== null) return row.seq
      const { value } = this.#db
        .prepare(`update meta set value = value + 1 where name = 'last_seq' returning value`)
        .get()!
      this.#db.prepare('update batches set seq = ? where id = ?').run(value!, row.id)
      return Number(value)
    })
    const gz = this.#body(row.id)
    return {
      bootId: String(
        this.#db.prepare(`select value from meta where name = 'boot_id'`).get()!.value
      ),
      seq,
      createdAt: row.created_at,
      offsetMs: row.offset_ms,
      attempts: row.attempts,
      kind: row.kind,
      gz,
      items: () => unpackSamples(gz),
      samples: () => (row.kind === 'samples' ? (unpackSamples(gz) as Sample[]) : []),
    }
  }

  #body(id: number): Uint8Array {
    return this.#db.prepare('select gz from bodies where id = ?').get(id)!.gz as Uint8Array
  }

  #all(where: string): Row[] {
    return this.#db.prepare(`select ${COLUMNS} from batches ${where}`).all() as unknown as Row[]
  }

  #one(where: string): Row | null {
    return this.#all(where)[0] ?? null
  }
}

function startOf(rows: readonly Row[], first: Row): Row[] {
  let [samples, bytes] = [0, 0]
  const end = rows.findIndex((row) => {
    samples += row.samples
    bytes += row.bytes
    return (
      row !== first &&
      (samples > LIMITS.samplesPerBatch ||
        bytes > MERGED_BYTES ||
        row.kind !== first.kind ||
        !isSameOffset(row.offset_ms, first.offset_ms))
    )
  })
  return end === -1 ? [...rows] : rows.slice(0, end)
}
