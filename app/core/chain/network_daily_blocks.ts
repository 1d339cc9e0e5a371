import { poissonQuantile } from '#core/maths/poisson_quantile'
import { BLOCKS_PER_DAY } from './sats_per_day.js'

/** Blocks in a day at the limits of the middle 95 % (q025..q975) and 99 % (q005..q995). */
export interface NetworkDailyBlocks {
  q005: number
  q025: number
  q975: number
  q995: number
}

/**
 * How many blocks a day can bring by chance alone when `lambda` are expected (Poisson).
 * Throws CalculationError.
 */
export function networkDailyBlocks(lambda = BLOCKS_PER_DAY): NetworkDailyBlocks {
  return {
    q005: poissonQuantile(0.005, lambda),
    q025: poissonQuantile(0.025, lambda),
    q975: poissonQuantile(0.975, lambda),
    q995: poissonQuantile(0.995, lambda),
  }
}
