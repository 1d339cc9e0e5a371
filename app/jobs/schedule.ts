import type { Schedule } from '#core/jobs'

const MINUTE_MS = 60_000

/** What the installation does for itself, once a tick. */
export default [
  { job: 'sweep_jobs', everyMs: MINUTE_MS, scope: 'installation' },
  { job: 'sweep_outbox', everyMs: 5 * MINUTE_MS, scope: 'installation' },
  { job: 'sweep_sign_in', everyMs: 15 * MINUTE_MS, scope: 'installation' },
] satisfies readonly Schedule[] as readonly Schedule[]
