import type { StoredSeries } from './series_kind.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A daily file is a day old when it is new. */
const IMPORTED_MS = 36 * HOUR_MS

/**
 * After how long a value that feeds keep fresh counts as old: some ten missed refreshes; blocks may
 * by chance be an hour apart, difficulty holds for two weeks and is only as good as its last look.
 */
const LIVE_MS: Record<StoredSeries, number> = {
  price_usd: 10 * MINUTE_MS,
  price_eur: 10 * MINUTE_MS,
  price_cny: 10 * MINUTE_MS,
  difficulty: 3 * HOUR_MS,
  network_hashrate_ths: 3 * HOUR_MS,
  block_height: 3 * HOUR_MS,
  fees_sats_per_block: 3 * HOUR_MS,
  mempool_fee_sat_vb: 30 * MINUTE_MS,
  fear_greed: 36 * HOUR_MS,
}

/** How old a value of this series may be before it is shown as old, in ms. */
export const oldAfterMs = (series: StoredSeries, quality: string) =>
  quality === 'imported' ? IMPORTED_MS : LIVE_MS[series]

/** Whether a stored value is older than that. */
export const isOld = (
  { series, quality, at }: { series: StoredSeries; quality: string; at: string },
  now: Date
) => now.getTime() - Date.parse(at) > oldAfterMs(series, quality)
