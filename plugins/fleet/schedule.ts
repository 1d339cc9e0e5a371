import type { Schedule } from '#core/jobs'

const schedule: readonly Schedule[] = [
  { job: 'sweep_connectivity', everyMs: 20_000 },
  { job: 'rollup', everyMs: 60_000 },
  { job: 'rollup_days', cron: '7,37 * * * *' },
  { job: 'forget_rows', cron: '41 3 * * *' },
  { job: 'retention', cron: '17 * * * *', scope: 'installation' },
]

export default schedule
