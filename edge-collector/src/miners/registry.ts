import type { DatabaseSync } from 'node:sqlite'
import type { FoundMiner } from '../../protocol/messages.js'
import { diff, type Diff } from '../discovery/diff.js'
import { inTransaction, openDatabase } from '../store/database.js'

/** A machine that a scan found once. */
export interface KnownMiner {
  key: string
  ip: string
  driver: string
  /** The range in which it was found, for its ports. */
  rangeId: string | null
  make: string | null
  model: string | null
  firstSeenAt: number
  lastSeenAt: number
  /** The last scan did not find it; it is asked all the same, as it may be switched off. */
  isGone: boolean
  /** Other addresses that claimed to be this machine at the last scan. */
  duplicateIps: string[]
}

export type Found = FoundMiner & { rangeId: string | null }
type Placed = Found & { key: string }

const TABLES = `
  create table if not exists miners (
    key text primary key,
    ip text not null,
    driver text not null,
    range_id text,
    make text,
    model text,
    first_seen_at integer not null,
    last_seen_at integer not null,
    is_gone integer not null default 0,
    duplicate_ips text not null default '[]'
  ) strict;
  create table if not exists notes (name text primary key, value any) strict, without rowid;
`
const MAX_BYTES = 256 * 1024 * 1024

/** The machines of a site as this collector knows them, on disk. One machine is one row, wherever it moves. */
export class Registry {
  readonly #db: DatabaseSync
  readonly #clock: () => number

  constructor(file: string, clock: () => number) {
    this.#db = openDatabase(file, MAX_BYTES)
    this.#clock = clock
    this.#db.exec(TABLES)
  }

  all(): KnownMiner[] {
    const rows = this.#db.prepare('select * from miners order by key').all()
    return rows.map((row) => ({
      key: String(row.key),
      ip: String(row.ip),
      driver: String(row.driver),
      rangeId: row.range_id as string | null,
      make: row.make as string | null,
      model: row.model as string | null,
      firstSeenAt: Number(row.first_seen_at),
      lastSeenAt: Number(row.last_seen_at),
      isGone: row.is_gone === 1,
      duplicateIps: JSON.parse(String(row.duplicate_ips)) as string[],
    }))
  }

  /** Takes in what a scan found; `wasLookedAt` says which addresses it covered. */
  take(found: readonly Found[], wasLookedAt: (ip: string) => boolean): Diff<KnownMiner, Placed> {
    const placed = found.map((one) => ({ ...one, key: one.miner }))
    const changes = diff(this.all(), placed, wasLookedAt)
    inTransaction(this.#db, () => {
      for (const one of [...changes.new, ...changes.same, ...changes.moved.map(({ now }) => now)]) {
        this.#put(one, changes.duplicates)
      }
      const gone = this.#db.prepare('update miners set is_gone = 1 where key = ?')
      for (const { key } of changes.gone) gone.run(key)
    })
    return changes
  }

  #put(one: Placed, duplicates: readonly Placed[]): void {
    const others = duplicates.filter(({ key }) => key === one.key).map(({ ip }) => ip)
    const now = this.#clock()
    // An address is one machine's; who had it before is somewhere else now, or off. One that was
    // known by its address only has a better name now, or is not there.
    this.#db
      .prepare(`delete from miners where ip = ? and key <> ? and key like 'ip:%'`)
      .run(one.ip, one.key)
    this.#db.prepare('update miners set is_gone = 1 where ip = ? and key <> ?').run(one.ip, one.key)
    this.#db
      .prepare(
        `insert into miners (key, ip, driver, range_id, make, model, first_seen_at, last_seen_at, duplicate_ips)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (key) do update set ip = excluded.ip, driver = excluded.driver,
           range_id = excluded.range_id, make = coalesce(excluded.make, make),
           model = coalesce(excluded.model, model), last_seen_at = excluded.last_seen_at,
           is_gone = 0, duplicate_ips = excluded.duplicate_ips`
      )
      .run(
        one.key,
        one.ip,
        one.driver,
        one.rangeId,
        one.make,
        one.model,
        now,
        now,
        JSON.stringify(others)
      )
  }

  /** A number that is remembered: the last scan that was asked for, when ranges were scanned. */
  note(name: string): string | null {
    const row = this.#db.prepare('select value from notes where name = ?').get(name)
    return row ? String(row.value) : null
  }

  setNote(name: string, value: string): void {
    this.#db
      .prepare(
        'insert into notes (name, value) values (?, ?) on conflict (name) do update set value = excluded.value'
      )
      .run(name, value)
  }

  /** The certificate that a machine showed first over TLS; null before that. */
  certificateOf(key: string): string | null {
    return this.note(certificateNote(key))
  }

  pinCertificate(key: string, sha256: string): void {
    this.setNote(certificateNote(key), sha256)
  }

  /** Its next certificate is believed. Gives whether one was known. */
  forgetCertificate(key: string): boolean {
    const { changes } = this.#db
      .prepare('delete from notes where name = ?')
      .run(certificateNote(key))
    return Number(changes) > 0
  }

  close(): void {
    this.#db.close()
  }
}

const certificateNote = (key: string) => `certificate ${key}`
