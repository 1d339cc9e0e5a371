import vine from '@vinejs/vine'
import { defineJob } from '#core/jobs'
import { rollUpDay } from '../services/rollup_days.js'

const MOST = 500

/** Makes days of what was rolled up since. */
export default defineJob({
  payload: vine.object({}),
  async run(_, job) {
    let days = 0
    while (days < MOST && (await job.inTenant(() => rollUpDay()))) days += 1
    return { days }
  },
})
