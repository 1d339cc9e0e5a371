import vine from '@vinejs/vine'
import { defineJob } from '#core/jobs'
import { rollUpMeters } from '../services/meter_rollup.js'
import { rollUpNext } from '../services/rollup_5min.js'

/** So that one run ends before many of the next are due. */
const MOST = 1000

/** Makes five minutes of what came in. Each few are a transaction of their own. */
export default defineJob({
  payload: vine.object({}),
  async run(_, job) {
    let rolled = 0
    while (rolled < MOST && !(await job.cancelled())) {
      const count = await job.inTenant(() => rollUpNext(new Date()))
      if (count === 0) break
      rolled += count
    }
    while (rolled < MOST && !(await job.cancelled())) {
      const count = await job.inTenant(() => rollUpMeters(new Date()))
      if (count === 0) break
      rolled += count
    }
    return { rolled }
  },
})
