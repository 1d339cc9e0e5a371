import type { Charted, StoredSeries } from './series_kind.js'

/** How a stored value is divided for people: difficulty in T, network hashrate in EH/s. */
const SCALE: Partial<Record<StoredSeries | Charted, number>> = {
  difficulty: 1e12,
  network_hashrate_ths: 1e6,
}

/** A stored value in the unit that people read. */
export const scale = (series: StoredSeries | Charted, value: number) => value / (SCALE[series] ?? 1)
