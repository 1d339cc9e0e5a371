import { DateTime } from 'luxon'
import { CalculatorBatchSchema } from '#database/schema'
import { current } from '#core/current'
import { Tenanted } from '#core/model'
import { type BatchTotals, NO_TOTALS } from '../domain/batch_totals.js'
import plugin from '../plugin.js'
import type { FrozenContext } from '../services/batch_context.js'
import { E_BATCH_STATE } from '../services/batch_errors.js'
import type { BatchReading } from '../services/batch_reading.js'
import type { SharedInputs } from '../services/batch_rows.js'
import type { BatchText } from '../services/batch_text.js'

export type BatchState = 'draft' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

const PIECE_BYTES = 256 * 1024

/** A batch that nobody has worked on. */
const UNTOUCHED = {
  state: 'draft' as const,
  context: null,
  totals: {},
  runId: null,
  failure: null,
  failureLine: null,
  linesDone: 0,
  rowsPriced: 0,
  rowsRefused: 0,
  startedAt: null,
  finishedAt: null,
}

interface NewBatch {
  name: string
  text: Pick<BatchText, 'bytes' | 'lines'>
  reading: BatchReading
}

/** A file of miners to be priced: what was sent, how it is read, and how far the work is. */
export default class Batch extends Tenanted(CalculatorBatchSchema) {
  static table = 'calculator_batches'

  declare state: BatchState
  declare reading: BatchReading
  declare shared: SharedInputs
  declare context: FrozenContext | null
  declare totals: Record<string, string>

  /** Keeps the text in the database, since whoever works on it may be on another machine. */
  static async keep({ name, text, reading }: NewBatch) {
    const { customerId, userId } = current.get()
    const batch = await this.create({
      ...UNTOUCHED,
      shared: {},
      name: name.slice(0, 120),
      customerId: customerId === '*' ? null : customerId,
      byteCount: BigInt(text.bytes.length),
      lineEstimate: Math.max(0, text.lines - (reading.hasHead ? 1 : 0)),
      reading,
      createdBy: userId,
    })
    for (let number = 0; number * PIECE_BYTES < text.bytes.length; number++) {
      await current
        .get()
        .client.table('calculator_batch_pieces')
        .insert({
          ...batch.key(),
          number,
          bytes: text.bytes.subarray(number * PIECE_BYTES, (number + 1) * PIECE_BYTES),
        })
    }
    const facts = { name: batch.name, bytes: text.bytes.length, lines: text.lines }
    await plugin.track(batch, 'batch.uploaded', facts)
    return batch
  }

  /** The columns that every row of its other tables begins with. */
  key() {
    return { tenant_id: this.tenantId, batch_id: this.id, customer_id: this.customerId }
  }

  get isOpen() {
    return this.state === 'waiting' || this.state === 'running'
  }

  /** Sums so far, exact. */
  get sums(): BatchTotals {
    return Object.fromEntries(
      Object.keys(NO_TOTALS).map((key) => [key, BigInt(this.totals[key] ?? 0)])
    ) as unknown as BatchTotals
  }

  /** Sends it to the background, for the first time or once more from where it stopped. */
  async start(enqueue: () => Promise<string>) {
    if (!['draft', 'failed', 'cancelled'].includes(this.state)) throw new E_BATCH_STATE()
    this.state = 'waiting'
    this.failure = null
    this.failureLine = null
    this.finishedAt = null
    this.runId = await enqueue()
    await this.save()
    await plugin.track(this, 'batch.started', { name: this.name, rowsDone: this.linesDone })
  }

  async cancel() {
    if (!this.isOpen) throw new E_BATCH_STATE()
    this.state = 'cancelled'
    this.finishedAt = DateTime.utc()
    await this.save()
    await plugin.track(this, 'batch.cancelled', { name: this.name, rowsDone: this.linesDone })
  }

  async fail(code: string, line: number | null) {
    this.state = 'failed'
    this.failure = code
    this.failureLine = line
    this.finishedAt = DateTime.utc()
    await this.save()
    await plugin.track(this, 'batch.failed', { name: this.name, code })
  }

  async finish() {
    this.state = 'done'
    this.finishedAt = DateTime.utc()
    await this.save()
    const { name, rowsPriced, rowsRefused } = this
    await plugin.track(this, 'batch.finished', { name, rowsPriced, rowsRefused })
  }

  /** Forgets what was computed, so that it can be read in another way. */
  async reopen() {
    if (this.isOpen || this.state === 'draft') throw new E_BATCH_STATE()
    const { client } = current.get()
    for (const table of ['calculator_batch_rows', 'calculator_batch_faults']) {
      await client.from(table).where({ tenant_id: this.tenantId, batch_id: this.id }).delete()
    }
    Object.assign(this, UNTOUCHED)
    await this.save()
    await plugin.track(this, 'batch.reopened', { name: this.name })
  }

  /** Takes it away with everything that belongs to it. */
  async remove() {
    const { name, rowsPriced, rowsRefused } = this
    await plugin.track(this, 'batch.deleted', { name, rowsPriced, rowsRefused })
    await this.delete()
  }
}
