import vine from '@vinejs/vine'
import { defineJob } from '#core/jobs'
import { sweepConnectivity } from '../services/connectivity_sweep.js'

/** Finds miners that went silent. */
export default defineJob({
  payload: vine.object({}),
  run: (_, job) => job.inTenant(async () => ({ changed: await sweepConnectivity(new Date()) })),
})
