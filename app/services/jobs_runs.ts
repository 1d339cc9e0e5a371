import type { I18n } from '@adonisjs/i18n'
import { current } from '#core/current'
import { defineError, E_NOT_FOUND, E_PLUGIN_OFF } from '#core/errors'
import { isId } from '#core/ids'
import type { Row } from '#core/table'
import { cancel, retry } from '#services/jobs_store'
import { wake } from '#services/queue'

/** Only a failed or cancelled run can be retried, only an open one cancelled. */
export const E_JOB_STATE = defineError('The run is not in a state for this', 'E_JOB_STATE', 409)

export const RUN_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type RunState = (typeof RUN_STATES)[number]

const KINDS: Record<RunState, string> = {
  queued: 'neutral',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn',
}

/** Runs of the current tenant with the name of who asked for them. */
export const runRows = () =>
  current
    .get()
    .client.from('job_runs')
    .where('job_runs.tenant_id', current.tenantId())
    .leftJoin('users', 'users.id', 'job_runs.actor_id')
    .select('job_runs.*')
    .select({ actor_name: 'users.full_name' })

/** A run of the current tenant; a foreign one is as missing as one that never was. */
export async function findRun(id: unknown): Promise<Row> {
  if (!isId(id)) throw new E_NOT_FOUND()
  const row = await runRows().where('job_runs.id', id).first()
  if (!row) throw new E_NOT_FOUND()
  return row
}

/** What the plugin calls the job, else its plain name. */
export function labelOf(job: string, i18n: I18n): string {
  const key = job.replace('.', '.job.')
  return i18n.hasMessage(key) ? i18n.t(key) : job
}

const errorOf = (error: string | null, i18n: I18n) =>
  error && i18n.hasMessage(`jobs.error.${error}`) ? i18n.t(`jobs.error.${error}`) : error

/** A run as the pages show it. */
export function runView(row: Row, i18n: I18n) {
  const state = row.state as RunState
  const isOpen = state === 'queued' || state === 'running'
  const done = Number(row.progress_done)
  const total = row.progress_total === null ? null : Number(row.progress_total)
  return {
    ...row,
    id: row.id as string,
    label: labelOf(row.job, i18n),
    stateLabel: i18n.t(`jobs.state.${state}`),
    kind: KINDS[state],
    isOpen,
    mayRetry: state === 'failed' || state === 'cancelled',
    error: errorOf(row.error, i18n),
    askedBy: row.actor_name ?? i18n.t(row.tick_at ? 'jobs.by_schedule' : 'jobs.by_system'),
    payloadText: JSON.stringify(row.payload, null, 2),
    resultText: row.result === null ? null : JSON.stringify(row.result, null, 2),
    progress: progressOf({ state, done, total }, i18n),
    url: isOpen ? `/jobs/${row.id}/progress` : undefined,
  }
}

interface Progress {
  state: RunState
  done: number
  total: number | null
}

/** A bar without a value moves by itself: nobody knows yet how far the work is. */
function progressOf({ state, done, total }: Progress, i18n: I18n) {
  const text = total
    ? i18n.t('jobs.progress_of', { done, total })
    : done > 0
      ? i18n.formatNumber(done)
      : i18n.t(`jobs.state.${state}`)
  const isUnknown = state === 'running' && !total
  const kind = { queued: 'info', running: 'gold', done: 'good', failed: 'bad', cancelled: 'warn' }
  if (isUnknown) return { kind: kind[state], text, value: undefined, max: undefined }
  const value = state === 'done' ? (total ?? 1) : done
  return { kind: kind[state], text, value, max: total ?? 1 }
}

/** Starts a failed or cancelled run over, as if it had just been asked for. */
export async function retryRun(id: unknown): Promise<Row> {
  const run = await findRun(id)
  const plugin = String(run.job).split('.')[0]!
  if (current.get().pluginsOff?.has(plugin)) throw new E_PLUGIN_OFF([plugin])
  if (!(await retry(run.id, run.job))) throw new E_JOB_STATE()
  const ticket = { tenantId: current.tenantId(), runId: run.id as string }
  current.afterCommit(async () => void (await wake(ticket)))
  return run
}

/** Stops a waiting or running run; the job notices when it next asks or writes. */
export async function cancelRun(id: unknown): Promise<Row> {
  const run = await findRun(id)
  if (!(await cancel(run.id, run.job))) throw new E_JOB_STATE()
  return run
}
