import vine from '@vinejs/vine'
import { RUN_STATES, runRows } from '#services/jobs_runs'

const wish = vine.create(
  vine.object({
    state: vine.enum(RUN_STATES).optional(),
    limit: vine.number().withoutDecimals().range([1, 1000]),
  })
)

/** The newest runs of the current tenant as plain data, for consoles and programs. */
export async function listRuns(input: { state?: string; limit: number }) {
  const { state, limit } = await wish.validate(input)
  const query = runRows().orderBy('job_runs.created_at', 'desc').orderBy('job_runs.id').limit(limit)
  if (state) query.where('job_runs.state', state)
  const rows = await query
  return rows.map((row) => ({
    id: row.id as string,
    job: row.job as string,
    state: row.state as string,
    progressDone: String(row.progress_done),
    progressTotal: row.progress_total === null ? null : String(row.progress_total),
    attempts: row.attempts as number,
    maxAttempts: row.max_attempts as number,
    error: row.error as string | null,
    askedBy: row.actor_id as string | null,
    createdAt: row.created_at as Date,
    startedAt: row.started_at as Date | null,
    finishedAt: row.finished_at as Date | null,
  }))
}
