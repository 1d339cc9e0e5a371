import type { StoredSeries } from './series_kind.js'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const RETARGET_MS = 14 * DAY_MS
const BLOCK_MS = 600_000

/** What values of a series may be, and when two of them say the same. */
export interface SeriesRule {
  /** No source and no second one can make a value outside of these true. */
  min: number
  max: number
  /** Whether it may follow the last good value, which is `ageMs` old. */
  follows(value: number, last: number, ageMs: number): boolean
  /** Whether two sources agree. */
  agrees(a: number, b: number): boolean
}

const withinFactor = (value: number, last: number, factor: number) =>
  last === 0 || (value <= last * factor && value >= last / factor)

const within = (share: number) => (a: number, b: number) =>
  Math.abs(a - b) <= share * Math.min(Math.abs(a), Math.abs(b))

/**
 * The worst hour of bitcoin (12 March 2020) took some 25 % off, the worst day 40 %. What is older
 * than a month says nothing about today.
 */
function priceFollows(value: number, last: number, ageMs: number) {
  if (ageMs > 30 * DAY_MS) return true
  if (ageMs > DAY_MS) return withinFactor(value, last, 4)
  return withinFactor(value, last, ageMs > 60 * MINUTE_MS ? 2 : 1.5)
}

/** Two trades at the same moment on two markets differ by some tenths of a percent at most. */
const PRICE_BAND = 0.005

const price = (max: number): SeriesRule => ({
  min: 1,
  max,
  follows: priceFollows,
  agrees: within(PRICE_BAND),
})

/** Blocks that may have been found in a time: four times the pace, and a dozen by luck. */
const mostBlocks = (ageMs: number) => Math.ceil((4 * ageMs) / BLOCK_MS) + 12
/** A source may lag behind the one before, and the newest blocks may be replaced. */
const BLOCKS_BACK = 6

export const SERIES_RULES: Record<StoredSeries, SeriesRule> = {
  price_usd: price(1e8),
  price_eur: price(1e8),
  price_cny: price(1e9),
  difficulty: {
    min: 1,
    max: 1e24,
    // Consensus: a retarget changes it by ×¼ to ×4, and retargets come every two weeks at most
    // four times as fast.
    follows: (value, last, ageMs) =>
      withinFactor(value, last, 4 ** (1 + Math.floor((4 * ageMs) / RETARGET_MS))),
    // Sources round to so many digits; a retarget of less than that is none that matters.
    agrees: within(1e-4),
  },
  network_hashrate_ths: {
    min: 1,
    max: 1e15,
    // A day's estimate errs by a sixth (numerics §1); machines do not come or go faster than this.
    follows: (value, last, ageMs) => withinFactor(value, last, ageMs > 30 * DAY_MS ? 10 : 3),
    agrees: within(0.25),
  },
  block_height: {
    min: 0,
    max: 1e8,
    follows: (value, last, ageMs) =>
      value >= last - BLOCKS_BACK && value <= last + mostBlocks(ageMs),
    agrees: (a, b) => Math.abs(a - b) <= 2,
  },
  fees_sats_per_block: {
    min: 0,
    // Two whole subsidies of the first era: no day of the chain came near.
    max: 1e10,
    // The day of the halving in 2024 took the mean to some twenty times that of the day before.
    follows: (value, last, ageMs) => withinFactor(value, last, ageMs > DAY_MS ? 1000 : 50),
    agrees: within(0.3),
  },
  mempool_fee_sat_vb: {
    min: 0,
    max: 1e5,
    follows: (value, last) => withinFactor(value, Math.max(last, 0.1), 1000),
    agrees: within(0.5),
  },
  fear_greed: {
    min: 0,
    max: 100,
    follows: () => true,
    agrees: (a, b) => a === b,
  },
}
