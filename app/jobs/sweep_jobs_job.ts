import { defineInstallationJob } from '#core/jobs'
import { forgetOldRuns, sweepJobs } from '#services/jobs_sweeper'

/** Re-arms work that the queue lost, and forgets scheduled runs that nobody asks about any more. */
export default defineInstallationJob({
  async run() {
    const swept = await sweepJobs()
    return { ...swept, ...(await forgetOldRuns()) }
  },
})
