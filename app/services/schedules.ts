import db from '@adonisjs/lucid/services/db'
import type { Job, RepeatOptions } from 'bullmq'
import { current } from '#core/current'
import { newId } from '#core/ids'
import type { Schedule } from '#core/jobs'
import { runInstallationJob } from '#services/jobs_installation'
import { tenantJob } from '#services/jobs_catalog'
import { systemIn } from '#services/identities'
import { QUEUES, queueOf, wake } from '#services/queue'
import { installed } from '#services/registry'

export interface NamedSchedule extends Schedule {
  /** The job in full: `market.refresh`. */
  name: string
}

/** The schedules of the core and of every installed plugin. */
export async function allSchedules(): Promise<NamedSchedule[]> {
  const lists = await Promise.all(
    installed.map(async (plugin) => {
      const lazy = await plugin.schedule?.()
      return (lazy?.default ?? []).map((one) => ({ ...one, name: `${plugin.name}.${one.job}` }))
    })
  )
  return lists.flat()
}

const repeatOf = ({ everyMs, cron }: Schedule): Omit<RepeatOptions, 'key'> =>
  everyMs ? { every: everyMs } : { pattern: cron, tz: 'UTC' }

/**
 * Makes the queue tick for exactly these schedules. Every worker calls it, again and again: a queue
 * that lost its memory gets it back, and one that knows is left alone.
 */
export async function syncSchedules(schedules: readonly NamedSchedule[]) {
  const queue = await queueOf(QUEUES.schedule)
  const known = new Map((await queue.getJobSchedulers(0, -1)).map((one) => [one.key, one]))
  for (const schedule of schedules) {
    const { name, everyMs, cron } = schedule
    const there = known.get(name)
    const isSame = everyMs ? Number(there?.every) === everyMs : there?.pattern === cron
    if (there && isSame) continue
    await queue.upsertJobScheduler(name, repeatOf(schedule), {
      name: 'tick',
      opts: { removeOnComplete: true, removeOnFail: true },
    })
  }
  const wanted = new Set(schedules.map(({ name }) => name))
  for (const name of known.keys()) if (!wanted.has(name)) await queue.removeJobScheduler(name)
}

/** The moment that a tick stands for: the same for every process, whenever it gets to it. */
export function tickOf(schedule: Schedule, job: Pick<Job, 'timestamp' | 'delay' | 'opts'>): Date {
  const planned = job.opts.prevMillis ?? job.timestamp + job.delay
  return new Date(
    schedule.everyMs ? Math.floor(planned / schedule.everyMs) * schedule.everyMs : planned
  )
}

/** Makes the runs of one tick, each at most once however many workers hear it. Answers how many. */
export async function tick(schedule: NamedSchedule, at: Date): Promise<number> {
  if (schedule.scope === 'installation') {
    return (await runInstallationJob(schedule.name, at)) ? 1 : 0
  }
  const { maxAttempts } = await tenantJob(schedule.name)
  const tenants = await db
    .connection('login')
    .from('tenants')
    .whereNull('suspended_at')
    .select('id')
  let made = 0
  for (const { id } of tenants) {
    const who = await systemIn(id, 'job')
    if (who.pluginsOff?.has(schedule.name.split('.')[0]!)) continue
    made += await current.run(who, () => insertTick(schedule, at, maxAttempts))
  }
  return made
}

/** No second run of a tick, and none while the one before is still to be done. */
async function insertTick({ name, payload = {} }: NamedSchedule, at: Date, maxAttempts: number) {
  const { client } = current.get()
  const tenantId = current.tenantId()
  const runId = newId()
  const { rows } = await client.rawQuery(
    `insert into job_runs (tenant_id, id, job, payload, max_attempts, tick_at)
     select :tenantId, :runId, :name, :payload::jsonb, :maxAttempts, :at
     where not exists (
       select from job_runs where tenant_id = :tenantId and job = :name
         and tick_at is not null and state in ('queued', 'running'))
     on conflict (tenant_id, job, tick_at) do nothing
     returning id`,
    { tenantId, runId, name, payload: JSON.stringify(payload), maxAttempts, at: at.toISOString() }
  )
  if (rows.length > 0) current.afterCommit(async () => void (await wake({ tenantId, runId })))
  return rows.length as number
}
