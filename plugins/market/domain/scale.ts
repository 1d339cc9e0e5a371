import type { StoredSeries } from './series_kind.js'

/** How a stored value is divided for people: difficulty in T, network hashrate in EH/s. */
export const SCALE: Record<StoredSeries, number> = {
  price_usd: 1,
  difficulty: 1e12,
  network_hashrate_ths: 1e6,
}

/** A stored value in the unit that people read. */
export const scale = (series: StoredSeries, value: number) => value / SCALE[series]
