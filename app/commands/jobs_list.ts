import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** What runs, ran and waits in the background of a tenant. */
export default class JobsList extends TenantCommand {
  static commandName = 'jobs:list'
  static description = 'List the newest runs of background jobs of a tenant'
  static permission = 'core.job.view'

  @flags.string({
    description: 'Only runs in this state: queued, running, done, failed, cancelled',
  })
  declare state?: string

  @flags.number({ description: 'At most so many', default: 50 })
  declare limit: number

  async inTenant() {
    const { listRuns } = await import('#services/jobs_list')
    const runs = await listRuns({ state: this.state, limit: this.limit })
    for (const run of runs) {
      const error = run.error ? `  ${run.error}` : ''
      this.say(
        `${run.id}  ${run.state.padEnd(9)}  ${run.createdAt.toISOString()}  ${run.job}${error}`
      )
    }
    return runs
  }
}
