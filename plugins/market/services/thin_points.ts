import { asInstallation } from '#core/installation'

const DAY_MS = 86_400_000

/** Beyond which age a point stands for how much time; younger points are all kept. */
const TIERS = [
  { afterMs: 2 * DAY_MS, keep: '5 minutes' },
  { afterMs: 30 * DAY_MS, keep: '1 hour' },
  { afterMs: 365 * DAY_MS, keep: '1 day' },
]

const THIN = `
  delete from market_points where ctid in (
    select ctid from (
      select ctid, row_number() over (
        partition by series, date_bin(:keep::interval, at, 'epoch'::timestamptz) order by at desc, source) as n
      from market_points
      where quality <> 'imported' and at < :before and at >= :after) as bins
    where n > 1)`

/** Keeps the last fetched point of each bin; what came from a file is never touched. */
export async function thinPoints(now: Date) {
  let deleted = 0
  for (const [index, { afterMs, keep }] of TIERS.entries()) {
    const before = new Date(now.getTime() - afterMs).toISOString()
    const next = TIERS[index + 1]
    const after = next ? new Date(now.getTime() - next.afterMs).toISOString() : '-infinity'
    const { rowCount } = await asInstallation((trx) => trx.rawQuery(THIN, { keep, before, after }))
    deleted += rowCount ?? 0
  }
  return { deleted }
}
