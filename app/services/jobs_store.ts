import { current } from '#core/current'
import core from '#core/core'
import { newId } from '#core/ids'

/** A run as the worker needs it, once taken. */
export interface ClaimedRun {
  id: string
  job: string
  payload: Record<string, unknown>
  attempts: number
  maxAttempts: number
  /** Names this take of the run; whoever has another one writes nothing. */
  lease: string
}

const runs = () => current.get().client.from('job_runs').where('tenant_id', current.tenantId())
const now = () => current.get().client.raw('now()')

const isHeld = (id: string, lease: string) => runs().where({ id, lease, state: 'running' })

/** Takes a waiting run, or answers null: somebody else has it, or it is not due. */
export async function claim(id: string): Promise<ClaimedRun | null> {
  const row = await runs()
    .where({ id, state: 'queued' })
    .where('available_at', '<=', now())
    .forUpdate()
    .first()
  if (!row) return null
  const lease = newId()
  const attempts = row.attempts + 1
  await runs().where({ id }).update({
    state: 'running',
    lease,
    attempts,
    error: null,
    started_at: now(),
    heartbeat_at: now(),
    finished_at: null,
    progress_done: 0,
    progress_total: null,
  })
  const { job, payload, max_attempts: maxAttempts } = row
  return { id, job, payload, attempts, maxAttempts, lease }
}

/** Says that the worker lives. Answers whether the run is still its own. */
export const beat = async (id: string, lease: string) =>
  Number(await isHeld(id, lease).update({ heartbeat_at: now() })) > 0

/** Whether this take of the run still counts. Locks nothing: the heartbeat writes meanwhile. */
export const holds = async (id: string, lease: string) =>
  (await isHeld(id, lease).select('id').first()) !== null

export const saveProgress = (id: string, lease: string, done: string, total: string | null) =>
  isHeld(id, lease).update({ progress_done: done, progress_total: total, heartbeat_at: now() })

export const finish = (id: string, lease: string, result: string | null) =>
  isHeld(id, lease).update({ state: 'done', lease: null, result, finished_at: now() })

/** Gives an unfinished run back so that another worker takes it; the try does not count. */
export const release = (id: string, lease: string) =>
  isHeld(id, lease).update({
    state: 'queued',
    lease: null,
    available_at: now(),
    attempts: current.get().client.raw('greatest(attempts - 1, 0)'),
  })

/** Ends the try with an error: another one after the pause, or failed for good. */
export async function fail(run: ClaimedRun, error: string, pauseMs: number | null) {
  const { id, lease, job } = run
  if (pauseMs !== null) {
    const { client } = current.get()
    const available = client.raw(`now() + ? * interval '1 millisecond'`, [pauseMs])
    await isHeld(id, lease).update({ state: 'queued', lease: null, error, available_at: available })
    return
  }
  const ended = await isHeld(id, lease).update({
    state: 'failed',
    lease: null,
    error,
    finished_at: now(),
  })
  if (Number(ended) > 0) await core.track(subjectOf(id), 'job.failed', { job, error })
}

/** Ends a run that must not run: its plugin was switched off after it was asked for. */
export const skip = (id: string, lease: string, reason: string) =>
  isHeld(id, lease).update({ state: 'cancelled', lease: null, error: reason, finished_at: now() })

/** Stops a waiting or running run. Answers whether there was anything to stop. */
export async function cancel(id: string, job: string) {
  const stopped = await runs()
    .where({ id })
    .whereIn('state', ['queued', 'running'])
    .update({ state: 'cancelled', lease: null, finished_at: now() })
  if (Number(stopped) === 0) return false
  await core.track(subjectOf(id), 'job.cancelled', { job })
  return true
}

/** Lets a failed or cancelled run start over, all its tries new. */
export async function retry(id: string, job: string) {
  const again = await runs().where({ id }).whereIn('state', ['failed', 'cancelled']).update({
    state: 'queued',
    lease: null,
    attempts: 0,
    error: null,
    available_at: now(),
    finished_at: null,
  })
  if (Number(again) === 0) return false
  await core.track(subjectOf(id), 'job.retried', { job })
  return true
}

export const subjectOf = (id: string) => ({ type: 'job_runs', id })
