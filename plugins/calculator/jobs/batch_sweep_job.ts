import vine from '@vinejs/vine'
import { DateTime } from 'luxon'
import { defineJob } from '#core/jobs'
import { batchDefaults } from '../batch_manifest.js'
import Batch from '../models/batch.js'
import plugin from '../plugin.js'

/** Somebody who has not started a file after two days has forgotten it. */
const DRAFT_DAYS = 2
const AT_A_TIME = 50

/** Deletes batches that were kept long enough, each with its line in the audit log. */
export default defineJob({
  payload: vine.object({}),
  async run(_, job) {
    let deleted = 0
    for (;;) {
      const count = await job.inTenant(sweep)
      deleted += count
      if (count < AT_A_TIME) return { deleted }
    }
  },
})

async function sweep() {
  const { batchKeepDays } = await plugin.readSettings()
  const now = DateTime.utc()
  const old = now.minus({ days: batchKeepDays ?? batchDefaults.batchKeepDays }).toSQL()
  const forgotten = now.minus({ days: DRAFT_DAYS }).toSQL()
  const batches: Batch[] = await Batch.query()
    .whereNotIn('state', ['waiting', 'running'])
    .whereRaw(
      `(created_at < ?::timestamptz or (state = 'draft' and updated_at < ?::timestamptz))`,
      [old, forgotten]
    )
    .limit(AT_A_TIME)
    .forUpdate()
  for (const batch of batches) await batch.remove()
  return batches.length
}
