import { createHash } from 'node:crypto'
import { current } from '#core/current'
import { newId } from '#core/ids'
import {
  decide,
  type Decision,
  type KnownMiner,
  type ListedMiner,
  type Outcome,
  type RowFault,
} from '../domain/import_decide.js'
import type MinerImport from '../models/miner_import.js'
import { E_IMPORT_TOO_MANY } from './import_errors.js'
import { namesakesOf } from './import_known.js'
import { importPlaces, type ImportPlaces } from './import_places.js'
import { fileRows, type ListReading } from './import_reading.js'
import { refuseTakenPlaces } from './import_taken.js'
import { type ReadRow, RowReader } from './import_values.js'

/** Rows of one list. More miners than one portal is made for are a mistake. */
export const MOST_ROWS = 200_000
const CHUNK = 2000

/**
 * Works out what each row would do and keeps that, in the place of what was worked out before.
 * Rows are read as a stream and asked about by the thousand; nothing of the fleet is touched.
 */
export async function planImport(list: MinerImport): Promise<void> {
  const { client } = current.get()
  await client.from('fleet_import_rows').where(list.rowsKey).delete()
  const places = await importPlaces()
  const planner = new Planner(list, places)
  for await (const rows of chunksOf(await list.file(), list.reading)) await planner.plan(rows)
  await refuseTakenPlaces(list)
  list.counts = await countsOf(list)
  list.planHash = await planHash(list)
}

interface LinedRow extends ReadRow {
  line: number
}

async function* chunksOf(file: Buffer, reading: ListReading) {
  let chunk: { line: number; cells: string[] }[] = []
  let isHead = reading.hasHead
  let count = 0
  for await (const row of fileRows(file, reading)) {
    if (isHead) {
      isHead = false
      continue
    }
    count += 1
    if (count > MOST_ROWS) throw new E_IMPORT_TOO_MANY([MOST_ROWS])
    chunk.push(row)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

interface PlannedRow {
  line: number
  outcome: Outcome
  label: string
  miner_id: string | null
  miner_no: number | null
  apply: object | null
  changes: object | null
  faults: RowFault[] | null
}

/** Decides row by row, and remembers what earlier rows of the file were about. */
class Planner {
  private readonly reader: RowReader
  /** `mac …`, `serial …`, `ip …`, `miner …` → the line that said it first. */
  private readonly lines = new Map<string, number>()

  constructor(
    private readonly list: MinerImport,
    private readonly places: ImportPlaces
  ) {
    this.reader = new RowReader(list.reading, places)
  }

  async plan(rows: readonly { line: number; cells: string[] }[]) {
    const read: LinedRow[] = rows.map(({ line, cells }) => ({ line, ...this.reader.read(cells) }))
    const namesakes = await namesakesOf(read.map(({ listed }) => listed))
    const planned = read.map((row) => {
      const { listed, bad, unknown } = row
      if (bad.length > 0) return refused(row, 'bad', [...bad, ...unknown])
      if (unknown.length > 0) return refused(row, 'conflict', unknown)
      return this.decided(row, decide(listed, namesakes(listed)))
    })
    await this.keep(planned)
  }

  private decided(row: LinedRow, decision: Decision): PlannedRow {
    const { miner, apply, changes } = decision
    const twin = this.twinOf(row, miner?.id)
    const isTold = twin !== null && decision.outcome !== 'conflict'
    const outcome = isTold ? 'conflict' : decision.outcome
    return {
      ...refused(row, outcome, isTold ? [twin] : decision.faults),
      ...bookedAs(miner, outcome),
      apply: isEmpty(apply) ? null : apply,
      changes: isEmpty(changes) || isTold ? null : this.readable(changes),
    }
  }

  /** What an earlier row of the same file has said already. */
  private twinOf({ line, listed }: LinedRow, minerId?: string): RowFault | null {
    let twin: RowFault | null = null
    for (const [field, name] of namesIn(listed, minerId)) {
      const earlier = this.lines.get(`${field} ${name}`)
      if (earlier === undefined) this.lines.set(`${field} ${name}`, line)
      else twin ??= { field, key: 'twice', args: { line: earlier } }
    }
    return twin
  }

  /** Ids as the names that people know. */
  private readable(changes: Decision['changes']) {
    const entries = Object.entries(changes).map(([field, [before, after]]) =>
      field === 'zone_id' || field === 'customer_id'
        ? [field.slice(0, -3), [this.named(before), this.named(after)]]
        : [field, [before, after]]
    )
    return Object.fromEntries(entries)
  }

  private named(id: unknown) {
    return typeof id === 'string' ? (this.places.nameOf(id) ?? '?') : null
  }

  private keep(rows: readonly PlannedRow[]) {
    return current.get().client.rawQuery(
      `insert into fleet_import_rows (tenant_id, import_id, line, outcome, label, miner_id,
         miner_no, apply, changes, faults)
       select ?::uuid, ?::uuid, t.* from jsonb_to_recordset(?::jsonb) as t (line integer,
         outcome text, label text, miner_id uuid, miner_no integer, apply jsonb, changes jsonb,
         faults jsonb)`,
      [this.list.tenantId, this.list.id, JSON.stringify(rows)]
    )
  }
}

function* namesIn(listed: ListedMiner, minerId?: string): Generator<[string, string]> {
  if (listed.mac) yield ['mac', listed.mac]
  if (listed.serial_number) yield ['serial', listed.serial_number]
  if (listed.ip) yield ['ip', `${listed.site_id} ${listed.ip}`]
  if (minerId) yield ['miner', minerId]
}

/** The miner that is meant; a new one gets its id now. */
const bookedAs = (miner: KnownMiner | null, outcome: Outcome) => ({
  miner_id: miner?.id ?? (outcome === 'new' ? newId() : null),
  miner_no: miner?.no ?? null,
})

const isEmpty = (values: object) => Object.keys(values).length === 0

/** A row with nothing to apply. */
const refused = ({ line, label }: LinedRow, outcome: Outcome, faults: RowFault[]): PlannedRow => ({
  line,
  outcome,
  label,
  miner_id: null,
  miner_no: null,
  apply: null,
  changes: null,
  faults: faults.length > 0 ? faults : null,
})

async function countsOf(list: MinerImport) {
  const rows = await current
    .get()
    .client.from('fleet_import_rows')
    .where(list.rowsKey)
    .groupBy('outcome')
    .select('outcome')
    .count('* as count')
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, Number(count)]))
}

/** What binds the file and what each row of it would do. The ids of new miners do not count. */
async function planHash(list: MinerImport): Promise<string> {
  const { rows } = await current.get().client.rawQuery(
    `select string_agg(md5(concat_ws('|', line, outcome, miner_no, apply, changes, faults)), ''
       order by line) as rows
     from fleet_import_rows where tenant_id = ? and import_id = ?`,
    [list.tenantId, list.id]
  )
  const hash = createHash('sha256')
  hash
    .update(list.fileHash)

    .update(rows[0].rows ?? '')
  return hash.digest('hex')
}
