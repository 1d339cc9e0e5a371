import { args } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Starts a failed or cancelled run over. */
export default class JobsRetry extends TenantCommand {
  static commandName = 'jobs:retry'
  static description = 'Start a failed or cancelled run of a background job over'
  static permission = 'core.job.retry'

  @args.string({ description: 'Id of the run, as jobs:list prints it' })
  declare id: string

  async inTenant() {
    const { retryRun } = await import('#services/jobs_runs')
    const { id, job } = await retryRun(this.id)
    this.say(`${job} ${id} waits again`)
    return { id, job, state: 'queued' }
  }
}
