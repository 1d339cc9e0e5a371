import type { I18n } from '@adonisjs/i18n'
import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { Row } from '#core/table'
import { lastInstallationRuns } from '#services/jobs_installation'
import { labelOf } from '#services/jobs_runs'
import { queueBackend, queueOf, QUEUES, withinTime } from '#services/queue'
import { allSchedules, type NamedSchedule } from '#services/schedules'

/** A worker that said nothing for this long is shown as gone. */
const SILENT_MS = 30_000
const LIMIT = 100

const login = () => db.connection('login')

/** What the queue holds, and when each schedule is next due; null when it cannot be reached. */
async function queueState() {
  try {
    const counts = await withinTime(
      Promise.all(
        Object.values(QUEUES).map(async (name) => ({
          name,
          ...(await (await queueOf(name)).getJobCounts('waiting', 'active', 'delayed', 'failed')),
        }))
      )
    )
    const schedule = await queueOf(QUEUES.schedule)
    const schedulers = await withinTime(schedule.getJobSchedulers(0, -1))
    return { counts, next: new Map(schedulers.map(({ key, next }) => [key, next])) }
  } catch (error) {
    logger.warn({ err: error }, 'the queue could not be counted')
    return null
  }
}

const lastTicks = async (): Promise<Map<string, Date>> => {
  const rows = await login()
    .from('job_runs')
    .whereNotNull('tick_at')
    .groupBy('job')
    .select('job')
    .max('tick_at as last')
  return new Map(rows.map(({ job, last }) => [job, last]))
}

interface Known {
  next?: Map<string, number | undefined>
  ticks: Map<string, Date>
  runs: Map<string, Row>
}

const turnOf = ({ everyMs, cron }: NamedSchedule, i18n: I18n) =>
  everyMs ? i18n.t('jobs.installation.every', { seconds: everyMs / 1000 }) : cron

function scheduleView(schedule: NamedSchedule, { next, ticks, runs }: Known, i18n: I18n) {
  const { name, scope = 'tenant' } = schedule
  const at = next?.get(name)
  const { tick_at: last, state, error }: Row = runs.get(name) ?? { tick_at: ticks.get(name) }
  return {
    name,
    label: labelOf(name, i18n),
    scope,
    every: turnOf(schedule, i18n),
    next: at ? new Date(at) : null,
    last,
    state,
    error,
  }
}

/** Events that no listener took after all tries, with the tenant that they happened in. */
const deadEvents = (): Promise<Row[]> =>
  login()
    .from('outbox')
    .join('tenants', 'tenants.id', 'outbox.tenant_id')
    .whereNotNull('outbox.dead_at')
    .orderBy('outbox.dead_at', 'desc')
    .limit(LIMIT)
    .select('outbox.*')
    .select({ tenant_name: 'tenants.name' })

const workers = async (now: Date) => {
  const rows: Row[] = await login().from('worker_heartbeats').orderBy('started_at').limit(LIMIT)
  return rows.map((row) => ({ ...row, isAlive: now.getTime() - row.seen_at.getTime() < SILENT_MS }))
}

/** Everything on the page of the installation's staff. */
export async function installationView(i18n: I18n) {
  const [queue, ticks, runs, dead, alive, schedules] = await Promise.all([
    queueState(),
    lastTicks(),
    lastInstallationRuns(),
    deadEvents(),
    workers(new Date()),
    allSchedules(),
  ])
  const known = { next: queue?.next, ticks, runs: new Map(runs.map((run: Row) => [run.job, run])) }
  return {
    backend: queueBackend(),
    queues: queue?.counts ?? null,
    schedules: schedules.map((schedule) => scheduleView(schedule, known, i18n)),
    dead,
    workers: alive,
  }
}
