import { defineInstallationJob } from '#core/jobs'
import { keepPartitions } from '../services/retention.js'

/** Drops partitions whose time is over and makes those of the next days. */
export default defineInstallationJob({
  async run() {
    const dropped = await keepPartitions(new Date())
    return { dropped: dropped.map(({ partition }) => partition) }
  },
})
