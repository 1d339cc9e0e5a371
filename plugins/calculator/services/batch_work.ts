import { setImmediate as nextTurn } from 'node:timers/promises'
import { DateTime } from 'luxon'
import { E_FILE_TEXT, textRows } from '#core/file_rows'
import { addRow, type BatchTotals } from '../domain/batch_totals.js'
import Batch from '../models/batch.js'
import { batchDefaults } from '../batch_manifest.js'
import plugin from '../plugin.js'
import { freeze, thaw } from './batch_context.js'
import { E_BATCH_TOO_MANY_ROWS } from './batch_errors.js'
import { piecesOf } from './batch_pieces.js'
import { BatchRows, isPriced, type PricedRow, type RefusedRow } from './batch_rows.js'
import { storeFaults, storeRows } from './batch_store.js'
import { loadContext } from './input_context.js'

/** What the work needs of the job that does it. */
export interface BatchWorker {
  /** The run that works; one that the batch was taken from stops. */
  readonly runId?: string
  inTenant<T>(work: () => T | PromiseLike<T>): Promise<T>
  progress(done: number, total: number): Promise<void>
}

const CHUNK_ROWS = 2000
/** Rows priced before others get a turn: pages of the same process stay quick. */
const TURN_ROWS = 100

type Rows = (PricedRow | RefusedRow)[]
type Outcome = 'done' | 'stopped' | 'failed'

/**
 * Prices a batch chunk by chunk. Rows, totals and the mark of how far it is are written in one
 * transaction, so that whoever takes over after a crash goes on behind the last chunk.
 */
export async function workOff(batchId: string, worker: BatchWorker): Promise<Outcome> {
  const begun = await worker.inTenant(() => begin(batchId, worker, new Date()))
  if (!begun) return 'stopped'
  const { batch, maxRows } = begun
  try {
    const isThrough = await workThrough(batch, maxRows, worker)
    return isThrough ? 'done' : 'stopped'
  } catch (error) {
    if (!(error instanceof E_FILE_TEXT || error instanceof E_BATCH_TOO_MANY_ROWS)) throw error
    await worker.inTenant(() => endBadly(batchId, error))
    return 'failed'
  }
}

/** Takes the batch and freezes what it is priced on; null when there is nothing to do any more. */
async function begin(batchId: string, worker: BatchWorker, now: Date) {
  const batch = await locked(batchId)
  if (!batch?.isOpen || !isOf(worker, batch)) return null
  batch.context ??= freeze(await loadContext(now, 'all'))
  batch.state = 'running'
  batch.startedAt ??= DateTime.fromJSDate(now)
  await batch.save()
  const { batchMaxRows } = await plugin.readSettings()
  return { batch, maxRows: batchMaxRows ?? batchDefaults.batchMaxRows }
}

/** Stopped and started again, a batch belongs to its newest run alone. */
const isOf = ({ runId }: BatchWorker, batch: Batch) => !runId || runId === batch.runId

/** Nobody deletes, cancels or takes it over while a chunk is written. */
const locked = async (id: string): Promise<Batch | null> =>
  Batch.query().where('id', id).forUpdate().first()

async function workThrough(batch: Batch, maxRows: number, worker: BatchWorker) {
  const rows = new BatchRows(batch.reading, batch.shared, thaw(batch.context!))
  const text = textRows(
    piecesOf(batch, (work) => worker.inTenant(work)),
    batch.reading.delimiter
  )
  let number = batch.reading.hasHead ? -1 : 0
  let chunk: Rows = []
  for await (const row of text) {
    number += 1
    if (number > maxRows) throw new E_BATCH_TOO_MANY_ROWS([maxRows])
    if (number === 0 || number <= batch.linesDone) continue
    chunk.push(await rows.price(row))
    if (chunk.length % TURN_ROWS === 0) await nextTurn()
    if (chunk.length < CHUNK_ROWS) continue
    if (!(await keepChunk(batch, { chunk, done: number }, worker))) return false
    chunk = []
  }
  return keepChunk(batch, { chunk, done: Math.max(number, 0), isLast: true }, worker)
}

interface ChunkEnd {
  chunk: Rows
  /** Rows of the text that are behind it, this chunk's included. */
  done: number
  isLast?: boolean
}

/** Writes a chunk and the mark behind it. False when somebody stopped the batch meanwhile. */
async function keepChunk({ id }: Batch, { chunk, done, isLast }: ChunkEnd, worker: BatchWorker) {
  const batch = await worker.inTenant(async () => {
    const fresh = await locked(id)
    if (fresh?.state !== 'running' || !isOf(worker, fresh)) return null
    const priced = chunk.filter(isPriced)
    const refused = chunk.filter((row): row is RefusedRow => !isPriced(row))
    await storeRows(fresh, priced)
    await storeFaults(fresh, refused)
    fresh.merge({
      linesDone: done,
      rowsPriced: fresh.rowsPriced + priced.length,
      rowsRefused: fresh.rowsRefused + refused.length,
      totals: asTexts(sumOf(fresh.sums, priced)),
    })
    if (isLast) await fresh.finish()
    else await fresh.save()
    return fresh
  })
  if (!batch) return false
  await worker.progress(done, Math.max(done, batch.lineEstimate))
  return true
}

const sumOf = (before: BatchTotals, rows: readonly PricedRow[]) =>
  rows.reduce((sum, { figures }) => addRow(sum, figures.booked, figures.count), before)

const asTexts = (totals: BatchTotals) =>
  Object.fromEntries(Object.entries(totals).map(([key, value]) => [key, String(value)]))

interface TextRefusal {
  code?: string
  message: string
}

async function endBadly(batchId: string, error: TextRefusal) {
  const batch = await locked(batchId)
  if (batch?.state !== 'running') return
  const line = /\d+/.exec(error.message)?.[0]
  await batch.fail(error.code ?? 'E_FILE_TEXT', line ? Number(line) : null)
}
