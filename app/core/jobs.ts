import type { Logger } from '@adonisjs/core/logger'
import type { Infer } from '@vinejs/vine/types'
import core from '#core/core'
import { current } from '#core/current'
import { E_PLUGIN_OFF } from '#core/errors'
import { theHost } from '#core/host'
import { newId } from '#core/ids'
import type { Schema } from '#core/plugin'

/** What a schedule asks for: a job of the plugin, every so many ms or by cron (UTC). */
export interface Schedule {
  /** File name of the job without `_job`, in the plugin's jobs/ folder. */
  job: string
  everyMs?: number
  cron?: string
  /** Once for every tenant that has the plugin on, or once for the whole installation. */
  scope?: 'tenant' | 'installation'
  /** What each run of a tenant gets; nothing unless given. */
  payload?: Record<string, unknown>
}

/** What a running job can ask and say. `run()` itself is outside any transaction. */
export interface JobHandle {
  readonly runId: string
  readonly tenantId: string
  /** 1 for the first try. */
  readonly attempt: number
  readonly log: Logger
  /** Runs the callback in a short transaction of the tenant; refused once the run was taken away. */
  inTenant<T>(work: () => T | PromiseLike<T>): Promise<T>
  /** Says how far the work is; pages show it. Written at most twice a second. */
  progress(done: number | bigint, total?: number | bigint | null): Promise<void>
  /** Whether somebody cancelled the run: stop as soon as it is safe. */
  cancelled(): Promise<boolean>
}

export interface JobDefinition<S extends Schema = Schema> {
  scope: 'tenant'
  payload: S
  maxAttempts: number
  backoffMs: number
  run(payload: Infer<S>, job: JobHandle): Promise<unknown>
}

interface JobOptions<S extends Schema> {
  /** What the job must be given; checked when it is asked for and again before it runs. */
  payload: S
  maxAttempts?: number
  /** The pause before the second try; doubles with every further one. */
  backoffMs?: number
  /** Does the work. Idempotent: after a crash it is called again. */
  run(payload: Infer<S>, job: JobHandle): Promise<unknown>
}

/** A job of a tenant: the default export of `jobs/<name>_job.ts`, asked for as `<plugin>.<name>`. */
export const defineJob = <S extends Schema>(options: JobOptions<S>): JobDefinition<S> => ({
  scope: 'tenant',
  maxAttempts: 3,
  backoffMs: 5_000,
  ...options,
})

export interface InstallationJobHandle {
  readonly log: Logger
  readonly tickAt: Date
}

export interface InstallationJobDefinition {
  scope: 'installation'
  run(job: InstallationJobHandle): Promise<unknown>
}

/** A scheduled job of the whole installation, for no tenant; it writes with `asInstallation`. */
export const defineInstallationJob = (
  options: Omit<InstallationJobDefinition, 'scope'>
): InstallationJobDefinition => ({ scope: 'installation', ...options })

/**
 * Asks for work in the background, in the transaction of whoever asks: if it rolls back there is no
 * job. Answers the id of the run. Refused when the tenant has switched the plugin off.
 */
export async function enqueue(name: string, payload: Record<string, unknown> = {}) {
  const { client, userId, pluginsOff } = current.get()
  const tenantId = current.tenantId()
  const plugin = name.split('.')[0]!
  if (pluginsOff?.has(plugin)) throw new E_PLUGIN_OFF([plugin])
  const host = theHost()
  const job = await host.tenantJob(name)
  await host.checkPayload(job, payload)
  const runId = newId()
  await client.table('job_runs').insert({
    tenant_id: tenantId,
    id: runId,
    job: name,
    payload: JSON.stringify(payload),
    max_attempts: job.maxAttempts,
    actor_id: userId,
  })
  await core.track({ type: 'job_runs', id: runId }, 'job.asked', { job: name })
  current.afterCommit(async () => void (await host.wake({ tenantId, runId })))
  return runId
}
