import type { I18n } from '@adonisjs/i18n'
import { current } from '#core/current'
import type Batch from '../models/batch.js'
import type { BatchState } from '../models/batch.js'
import { thaw } from './batch_context.js'
import { sharedInputs } from './batch_sources.js'
import { presentTotals } from './batch_texts.js'

export const STATE_KINDS: Record<BatchState, string> = {
  draft: 'neutral',
  waiting: 'info',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn',
}

/** How its job ended, when that was not the batch's own doing: a worker that failed for good. */
async function failedRun({ runId, tenantId, isOpen }: Batch): Promise<string | null> {
  if (!runId || !isOpen) return null
  const run = await current
    .get()
    .client.from('job_runs')
    .where({ tenant_id: tenantId, id: runId })
    .whereIn('state', ['failed', 'cancelled'])
    .select('error', 'state')
    .first()
  return run ? (run.error ?? run.state) : null
}

/** Takes over the end of a job that could not say so itself. */
export async function settle(batch: Batch) {
  const error = await failedRun(batch)
  if (error === null) return
  if (error === 'cancelled') await batch.cancel()
  else await batch.fail('E_BATCH_WORKER', null)
}

/** How far it is, for the bar. */
export function progressOf(batch: Batch, i18n: I18n) {
  const total = Math.max(batch.lineEstimate, batch.linesDone, 1)
  return {
    id: `batch-progress-${batch.id}`,
    label: i18n.t(`calculator_batch.state.${batch.state}`),
    value: batch.state === 'waiting' && batch.linesDone === 0 ? null : batch.linesDone,
    max: total,
    text: i18n.t('calculator_batch.progress', { done: batch.linesDone, total }),
    kind: batch.isOpen ? undefined : STATE_KINDS[batch.state],
    url: batch.isOpen ? `/calculator/batches/${batch.id}/progress` : undefined,
  }
}

/** Totals and what they rest on, as the page shows them. */
export function outcomeOf(batch: Batch, i18n: I18n) {
  return {
    totals: presentTotals(batch.sums, i18n),
    isLoss: batch.sums.profitCents < 0n,
    inputs: batch.context ? sharedInputs(batch.shared, thaw(batch.context), i18n) : [],
    pricedAt: batch.context?.now ?? null,
  }
}
