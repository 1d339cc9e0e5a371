import type { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { inTransaction, numberOf } from './database.js'

export interface StoredReport {
  id: number
  kind: string
  /** Its JSON, compressed: the body of the request as it is. */
  gz: Uint8Array
}

/** What has no number and is sent in order until the portal has it. */
export class Reports {
  readonly #db: DatabaseSync
  readonly #clock: () => number

  constructor(db: DatabaseSync, clock: () => number) {
    this.#db = db
    this.#clock = clock
  }

  /** Part of the caller's transaction. */
  add(kind: string, report: object): void {
    this.#db
      .prepare('insert into reports (kind, created_at, gz) values (?, ?, ?)')
      .run(kind, this.#clock(), gzipSync(JSON.stringify(report)))
  }

  first(): StoredReport | null {
    const row = this.#db.prepare('select id, kind, gz from reports order by id limit 1').get()
    return (row as StoredReport | undefined) ?? null
  }

  done(id: number): void {
    this.#db.prepare('delete from reports where id = ?').run(id)
  }

  /** The portal cannot read it. */
  setAside({ id, gz }: StoredReport, reason: string): void {
    inTransaction(this.#db, () => {
      this.#db
        .prepare('insert into quarantine (at, reason, gz) values (?, ?, ?)')
        .run(this.#clock(), reason.slice(0, 500), gz)
      this.done(id)
    })
  }

  bytes(): number {
    return numberOf(this.#db, 'select coalesce(sum(length(gz)), 0) from reports')
  }
}
