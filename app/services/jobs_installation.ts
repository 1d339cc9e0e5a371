import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import { E_JOB_UNKNOWN, jobNamed } from '#services/jobs_catalog'
import { sentenceOf } from '#services/jobs_runner'

const runs = () => db.connection('login').from('installation_runs')

/**
 * Runs a job of the installation for a tick, unless another worker does or did. Its last result is
 * kept; what failed is tried again with the next tick. Answers whether it ran here.
 */
export async function runInstallationJob(name: string, tickAt: Date): Promise<boolean> {
  const job = await jobNamed(name)
  if (job.scope !== 'installation') throw new E_JOB_UNKNOWN([name])
  const key = { job: name, tick_at: tickAt }
  const { rows } = await db
    .connection('login')
    .rawQuery(
      'insert into installation_runs (job, tick_at) values (?, ?) on conflict do nothing returning job',
      [name, tickAt.toISOString()]
    )
  if (rows.length === 0) return false
  const log = logger.child({ job: name, tickAt })
  try {
    const result = await job.run({ log, tickAt })
    await runs()
      .where(key)
      .update({ state: 'done', result: JSON.stringify(result ?? null), finished_at: new Date() })
  } catch (error) {
    log.error({ err: error }, 'the job of the installation failed')
    await runs()
      .where(key)
      .update({ state: 'failed', error: sentenceOf(error), finished_at: new Date() })
  }
  return true
}

/** The last run of every job of the installation. */
export const lastInstallationRuns = () =>
  runs().distinctOn('job').orderBy('job').orderBy('tick_at', 'desc').select('*')
