import { satsPerDayByDifficulty } from '#core/chain/sats_per_day'

const SATS_PER_BTC = 100_000_000
const THS_PER_PHS = 1000

export interface HashpriceInput {
  btcUsd: number
  difficulty: number
  /** New satoshis per block. */
  subsidySats: number
  /** Mean fees per block; null when they are not known: then it is the subsidy only. */
  feesSatsPerBlock: number | null
}

export interface Hashprice {
  usdPerPhDay: number
  satsPerThDay: number
  includesFees: boolean
  /** Share of the fees in it, 0..1; null when they are not known. */
  feeShare: number | null
}

/**
 * What one unit of hashrate is expected to earn in a day, before any pool fee:
 * sats per TH/s and day = 1e12 · 86,400 · (subsidy + fees) / (difficulty · 2^32), the expected
 * production by difficulty (numerics §1, `production.per_th_day`); times 1,000 and the price it is
 * $ per PH/s and day, the unit in which hashprice is traded. Throws CalculationError.
 */
export function hashprice(input: HashpriceInput): Hashprice {
  const { btcUsd, difficulty, subsidySats, feesSatsPerBlock: fees } = input
  const reward = subsidySats + (fees ?? 0)
  const satsPerThDay = satsPerDayByDifficulty(1, difficulty, reward)
  return {
    satsPerThDay,
    usdPerPhDay: ((satsPerThDay * THS_PER_PHS) / SATS_PER_BTC) * btcUsd,
    includesFees: fees !== null,
    feeShare: fees === null ? null : fees / reward,
  }
}
