import logger from '@adonisjs/core/services/logger'
import type { Logger } from '@adonisjs/core/logger'
import { current, type Who } from '#core/current'
import { defineError } from '#core/errors'
import type { JobHandle } from '#core/jobs'
import { beat, type ClaimedRun, holds, saveProgress } from '#services/jobs_store'

/** The run was cancelled, or given to another worker: what this one still does must not count. */
export const E_RUN_LOST = defineError('This run was taken away', 'E_RUN_LOST', 409)

const BEAT_MS = 10_000
const WRITE_MS = 500

/** What a running job holds in its hand: short transactions in its tenant, progress, cancellation. */
export class RunHandle implements JobHandle {
  readonly runId: string
  readonly tenantId: string
  readonly attempt: number
  readonly log: Logger
  isLost = false
  private timer?: NodeJS.Timeout
  private written = 0
  private unwritten: [done: string, total: string | null] | null = null

  constructor(
    private readonly who: Who,
    private readonly run: ClaimedRun
  ) {
    this.runId = run.id
    this.tenantId = who.tenantId!
    this.attempt = run.attempts
    this.log = logger.child({ tenantId: this.tenantId, runId: run.id, job: run.job })
  }

  /** A transaction of the tenant without asking whether the run still counts. */
  asJob<T>(work: () => T | PromiseLike<T>): Promise<T> {
    return current.run(this.who, work)
  }

  inTenant<T>(work: () => T | PromiseLike<T>): Promise<T> {
    return this.asJob(async () => {
      if (!(await holds(this.runId, this.run.lease))) {
        this.isLost = true
        throw new E_RUN_LOST()
      }
      return work()
    })
  }

  async progress(done: number | bigint, total: number | bigint | null = null) {
    this.unwritten = [done.toString(), total?.toString() ?? null]
    if (Date.now() - this.written >= WRITE_MS) await this.flush()
  }

  async cancelled() {
    await this.flush()
    if (!this.isLost) await this.ask()
    return this.isLost
  }

  /** Writes the progress that was said but not yet kept. */
  async flush() {
    if (!this.unwritten) return
    const [done, total] = this.unwritten
    this.unwritten = null
    this.written = Date.now()
    await this.asJob(() => saveProgress(this.runId, this.run.lease, done, total))
  }

  startBeating() {
    this.timer = setInterval(() => {
      this.ask().catch((error) => this.log.warn({ err: error }, 'no heartbeat could be written'))
    }, BEAT_MS)
  }

  stopBeating() {
    clearInterval(this.timer)
  }

  private async ask() {
    const isMine = await this.asJob(() => beat(this.runId, this.run.lease))
    if (!isMine) this.isLost = true
  }
}
