import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { runJob } from '#services/jobs_runner'
import { type ClaimedRun, fail } from '#services/jobs_store'
import { systemIn } from '#services/identities'
import { type Ticket, wake } from '#services/queue'

/** A worker that was silent for this long is dead. */
const SILENT_SECONDS = 60
/** A due run that nobody took for this long has lost its ticket. */
const FORGOTTEN_SECONDS = 15
const BATCH = 500

const runs = () => db.connection('login').from('job_runs').select('tenant_id', 'id', 'attempts')
const before = (seconds: number) => db.raw(`now() - interval '${seconds} seconds'`)

interface SweepOptions {
  /** A due run counts as forgotten after so many seconds. */
  forgottenSeconds?: number
  /** Whether to do the work here and now when the queue takes no tickets. */
  workInstead?: boolean
}

/**
 * Looks in the database, which is the truth, for work that the queue does not know: runs of dead
 * workers and runs whose ticket was lost. Any number of processes may sweep at once.
 */
export async function sweepJobs(options: SweepOptions = {}) {
  const { forgottenSeconds = FORGOTTEN_SECONDS, workInstead = false } = options
  const silent = await runs()
    .where('state', 'running')
    .where('heartbeat_at', '<', before(SILENT_SECONDS))
    .limit(BATCH)
  let rearmed = 0
  for (const row of silent) if (await rearm(row.tenant_id, row.id)) rearmed += 1

  const forgotten = await runs()
    .where('state', 'queued')
    .where('available_at', '<=', before(forgottenSeconds))
    .orderBy('available_at')
    .limit(BATCH)
  for (const row of forgotten) {
    const ticket = { tenantId: row.tenant_id, runId: row.id }
    await remind(ticket, row.attempts, workInstead)
  }
  return { rearmed, reminded: forgotten.length }
}

async function remind(ticket: Ticket, attempts: number, workInstead: boolean) {
  const isTold = await wake(ticket, { attempts })
  if (!isTold && workInstead) await runJob(ticket)
}

/** Takes a run from its dead worker: another try, or failed when that was the last. */
async function rearm(tenantId: string, id: string) {
  return current.run(await systemIn(tenantId, 'job'), async () => {
    const { client } = current.get()
    const row = await client
      .from('job_runs')
      .where({ tenant_id: tenantId, id, state: 'running' })
      .whereRaw(`heartbeat_at < now() - interval '${SILENT_SECONDS} seconds'`)
      .forUpdate()
      .skipLocked()
      .first()
    if (!row) return false
    const { job, payload, attempts, max_attempts: maxAttempts, lease } = row
    const run: ClaimedRun = { id, job, payload, attempts, maxAttempts, lease }
    const pauseMs = attempts >= maxAttempts ? null : 0
    await fail(run, 'E_WORKER_DIED', pauseMs)
    if (pauseMs === 0) {
      current.afterCommit(async () => void (await wake({ tenantId, runId: id }, { attempts })))
    }
    return true
  })
}

const KEEP_TICKS = `interval '7 days'`
const OVERDUE = `interval '1 hour'`

/**
 * Deletes scheduled runs that were done more than a week ago; what a person asked for stays. Ends
 * runs of the installation whose worker died, and forgets workers that are gone.
 */
export async function forgetOldRuns() {
  const login = db.connection('login')
  const tenants = await runs()
    .clearSelect()
    .distinct('tenant_id')
    .where('state', 'done')
    .whereNotNull('tick_at')
    .whereRaw(`finished_at < now() - ${KEEP_TICKS}`)
  let forgotten = 0
  for (const { tenant_id: tenantId } of tenants) {
    forgotten += await current.run(await systemIn(tenantId, 'job'), forgetTicks)
  }
  await login
    .from('installation_runs')
    .where('state', 'running')
    .whereRaw(`started_at < now() - ${OVERDUE}`)
    .update({ state: 'failed', error: 'E_WORKER_DIED', finished_at: new Date() })
  await login.from('installation_runs').whereRaw(`tick_at < now() - ${KEEP_TICKS}`).delete()
  await login.from('worker_heartbeats').whereRaw(`seen_at < now() - ${OVERDUE}`).delete()
  return { forgotten }
}

const forgetTicks = async () =>
  Number(
    await current
      .get()
      .client.from('job_runs')
      .where({ tenant_id: current.tenantId(), state: 'done' })
      .whereNotNull('tick_at')
      .whereRaw(`finished_at < now() - ${KEEP_TICKS}`)
      .delete()
  )
