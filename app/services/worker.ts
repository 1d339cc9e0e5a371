import { hostname } from 'node:os'
import type { ApplicationService } from '@adonisjs/core/types'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { Job, Worker } from 'bullmq'
import { newId } from '#core/ids'
import { releaseRuns, runJob, runningCount } from '#services/jobs_runner'
import { sweepJobs } from '#services/jobs_sweeper'
import { startDispatcher } from '#services/outbox_dispatcher'
import { consume, QUEUES, queueBackend } from '#services/queue'
import { allSchedules, type NamedSchedule, syncSchedules, tick, tickOf } from '#services/schedules'

const CONCURRENCY = 4
const UPKEEP_MS = 10_000
/** Service managers give ten seconds between asking and killing. */
const GRACE_MS = 8_000
const RELEASE_AFTER_MS = 7_000

interface Options {
  /** The schedules to tick for; those of the core and the plugins unless given. */
  schedules?: readonly NamedSchedule[]
  upkeepMs?: number
}

export interface RunningWorker {
  id: string
  /** Looks after lost work at once, instead of with the next round. */
  upkeep(): Promise<void>
  stop(): Promise<void>
}

/** Takes tickets: each one names a run that the database knows everything about. */
const takeTicket = (job: Job) => runJob(job.data)

const hearTick = (schedules: readonly NamedSchedule[]) => async (job: Job) => {
  const schedule = schedules.find(({ name }) => name === job.repeatJobKey)
  if (schedule) await tick(schedule, tickOf(schedule, job))
}

/** Starts what runs beside the web: the outbox, jobs and schedules. Stops when the app ends. */
export async function startWorker(app: ApplicationService): Promise<RunningWorker> {
  const worker = await openWorker()
  app.terminating(() => worker.stop())
  logger.info({ workerId: worker.id, queue: queueBackend() }, 'worker is ready')
  return worker
}

/** A worker that its caller stops; tests open several. */
export async function openWorker(options: Options = {}): Promise<RunningWorker> {
  const id = newId()
  const schedules = options.schedules ?? (await allSchedules())
  const dispatcher = startDispatcher()
  const consumers = await Promise.all([
    consume(QUEUES.jobs, takeTicket, CONCURRENCY),
    consume(QUEUES.schedule, hearTick(schedules), CONCURRENCY),
  ])
  const upkeep = () => lookAfter(id, schedules)
  await upkeep()
  const rounds = repeat(upkeep, options.upkeepMs ?? UPKEEP_MS)
  let ending: Promise<void> | undefined
  const end = async () => {
    await Promise.all([rounds.stop(), dispatcher.stop(), endConsumers(consumers)])
    await db.connection('login').from('worker_heartbeats').where({ id }).delete()
  }
  return { id, upkeep, stop: () => (ending ??= withinGrace(end())) }
}

/** Each step by itself: a queue that is away must not keep the sweeper from finding work. */
async function lookAfter(id: string, schedules: readonly NamedSchedule[]) {
  const steps = [
    () => beat(id),
    () => sweepJobs({ workInstead: true }),
    () => syncSchedules(schedules),
  ]
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      logger.error({ err: error, workerId: id }, 'the upkeep of the worker failed')
    }
  }
}

const beat = (id: string) =>
  db.connection('login').rawQuery(
    `insert into worker_heartbeats (id, host, pid, running) values (?, ?, ?, ?)
     on conflict (id) do update set seen_at = now(), running = excluded.running`,
    [id, hostname(), process.pid, runningCount()]
  )

/** Waits for what runs; what takes too long is given back, to be done by another worker. */
async function endConsumers(consumers: readonly Worker[]) {
  const timer = setTimeout(() => void releaseRuns(), RELEASE_AFTER_MS)
  const closed = Promise.allSettled(consumers.map((one) => one.close()))
  const late = new Promise((resolve) => setTimeout(resolve, RELEASE_AFTER_MS + 500).unref())
  await Promise.race([closed, late])
  clearTimeout(timer)
}

async function withinGrace(work: Promise<void>) {
  const late = new Promise<void>((resolve) => setTimeout(resolve, GRACE_MS).unref())
  await Promise.race([work, late])
}

/** Calls again and again, one after the other; `stop()` waits for the call under way. */
function repeat(work: () => Promise<void>, everyMs: number) {
  let isStopped = false
  let call = Promise.resolve()
  let timer: NodeJS.Timeout
  const next = () => {
    timer = setTimeout(() => {
      call = work().finally(() => {
        if (!isStopped) next()
      })
    }, everyMs)
  }
  next()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await call
    },
  }
}
