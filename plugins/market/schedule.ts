import type { Schedule } from '#core/jobs'
import { DATA, DATUM_RULES } from './domain/data.js'
import { areFeedsOn } from './services/feeds_switch.js'

const refreshes = DATA.map((datum) => ({
  job: `refresh_${datum}`,
  everyMs: DATUM_RULES[datum].everyMs,
  scope: 'installation' as const,
}))

const schedule: readonly Schedule[] = [
  ...(areFeedsOn() ? refreshes : []),
  { job: 'thin_points', cron: '23 */6 * * *', scope: 'installation' },
]

export default schedule
