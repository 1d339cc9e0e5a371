import logger from '@adonisjs/core/services/logger'
import { current } from '#core/current'
import { E_PLUGIN_OFF } from '#core/errors'
import { checkPayload, tenantJob } from '#services/jobs_catalog'
import { RunHandle } from '#services/jobs_handle'
import { type ClaimedRun, claim, fail, finish, release, skip } from '#services/jobs_store'
import { systemIn } from '#services/identities'
import { type Ticket, wake } from '#services/queue'

const LONGEST_PAUSE_MS = 10 * 60_000
/** A ticket that comes a moment before its time by the database's clock would be wasted. */
const CLOCK_SLACK_MS = 100
const ERROR_LENGTH = 2_000

const running = new Map<string, RunHandle>()

/** How many runs this process works on. */
export const runningCount = () => running.size

/** The sentence that the page shows; the stack goes to the log. */
export const sentenceOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).slice(0, ERROR_LENGTH)

const asJson = (value: unknown) =>
  value === undefined
    ? null
    : JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item))

/** Works on the run of a ticket, unless somebody else does or it is over. */
export async function runJob({ tenantId, runId }: Ticket): Promise<void> {
  const who = await systemIn(tenantId, 'job')
  const run = await current.run(who, async () => {
    const taken = await claim(runId)
    const plugin = taken?.job.split('.')[0]
    if (!taken || !plugin || !who.pluginsOff?.has(plugin)) return taken
    await skip(runId, taken.lease, new E_PLUGIN_OFF([plugin]).message)
    return null
  })
  if (run) await work(new RunHandle(who, run), run)
}

async function work(handle: RunHandle, run: ClaimedRun) {
  running.set(run.lease, handle)
  handle.startBeating()
  let backoffMs = 5_000
  try {
    const job = await tenantJob(run.job)
    backoffMs = job.backoffMs
    const payload = await checkPayload(job, run.payload)
    const result = await job.run(payload as never, handle)
    await handle.flush()
    await handle.asJob(() => finish(run.id, run.lease, asJson(result)))
  } catch (error) {
    await failed(handle, run, error, backoffMs)
  } finally {
    handle.stopBeating()
    running.delete(run.lease)
  }
}

const isHopeless = (error: unknown) =>
  ['E_VALIDATION_ERROR', 'E_JOB_UNKNOWN'].includes((error as { code?: string })?.code ?? '')

async function failed(handle: RunHandle, run: ClaimedRun, error: unknown, backoffMs: number) {
  if (handle.isLost) return
  handle.log.error({ err: error }, 'the job failed')
  const isLast = run.attempts >= run.maxAttempts || isHopeless(error)
  const pauseMs = isLast ? null : Math.min(backoffMs * 2 ** (run.attempts - 1), LONGEST_PAUSE_MS)
  await handle.asJob(async () => {
    await fail(run, sentenceOf(error), pauseMs)
    if (pauseMs === null) return
    const ticket = { tenantId: handle.tenantId, runId: run.id }
    const when = { attempts: run.attempts, delayMs: pauseMs + CLOCK_SLACK_MS }
    current.afterCommit(async () => void (await wake(ticket, when)))
  })
}

/** Gives back everything that this process still works on: it is about to end. */
export async function releaseRuns() {
  for (const [lease, handle] of running) {
    handle.stopBeating()
    handle.isLost = true
    try {
      await handle.asJob(() => release(handle.runId, lease))
    } catch (error) {
      logger.error({ err: error, runId: handle.runId }, 'a run could not be given back')
    }
  }
}
