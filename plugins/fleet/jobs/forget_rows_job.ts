import vine from '@vinejs/vine'
import { defineJob } from '#core/jobs'
import { forgetRows } from '../services/retention.js'

/** Forgets old rows of batches, quarantine and changes of connectivity. */
export default defineJob({
  payload: vine.object({}),
  run: (_, job) => job.inTenant(() => forgetRows(new Date())),
})
