import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

/**
 * Bodies have a table of their own, so that numbering a batch or marking it rewrites a few bytes
 * and not its samples.
 */
const TABLES = `
  create table if not exists meta (name text primary key, value any) strict, without rowid;
  create table if not exists batches (
    id integer primary key autoincrement,
    seq integer unique,
    is_taken integer not null default 0,
    is_thinned integer not null default 0,
    attempts integer not null default 0,
    created_at integer not null,
    samples integer not null,
    bytes integer not null,
    offset_ms real,
    kind text not null default 'samples'
  ) strict;
  create table if not exists bodies (id integer primary key, gz blob not null) strict;
  create index if not exists batches_unsent on batches (id) where seq is null;
  create table if not exists reports (
    id integer primary key autoincrement,
    kind text not null,
    created_at integer not null,
    gz blob not null
  ) strict;
  create table if not exists quarantine (
    id integer primary key autoincrement,
    at integer not null,
    reason text not null,
    gz blob
  ) strict;
`

/** Makes the tables of a queue where they are missing, and gives the boot id of a new one. */
export function prepareTables(db: DatabaseSync): void {
  db.exec(TABLES)
  addKind(db)
  const put = db.prepare('insert into meta (name, value) values (?, ?) on conflict do nothing')
  put.run('boot_id', randomUUID())
  for (const name of ['last_seq', 'ack_seq', 'thinned', 'dropped', 'quarantined']) put.run(name, 0)
}

/** A queue of before there were meters holds samples of miners only. */
function addKind(db: DatabaseSync): void {
  const columns = db.prepare('pragma table_info(batches)').all()
  if (columns.some(({ name }) => name === 'kind')) return
  db.exec(`alter table batches add column kind text not null default 'samples'`)
}
