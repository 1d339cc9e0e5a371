import type { Schedule } from '#core/jobs'

/** What the calculator does by itself. */
const schedule: Schedule[] = [{ job: 'batch_sweep', cron: '17 3 * * *', scope: 'tenant' }]

export default schedule
