import vine from '@vinejs/vine'
import { defineJob } from '#core/jobs'
import { workOff } from '../services/batch_work.js'

/** Prices the rows of a batch; after a crash it goes on where the last one stopped. */
export default defineJob({
  payload: vine.object({ batchId: vine.string().uuid() }),
  maxAttempts: 5,
  run: ({ batchId }, job) => workOff(batchId, job),
})
