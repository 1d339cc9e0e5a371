import { checkPositive } from '#core/maths/check'

const STEPS = 9
const MIDDLE = 4

/**
 * Nine prices from 60 % to 140 % of the one used, which stands in the middle exactly.
 * Throws CalculationError.
 */
export function priceAxis(usedUsd: number): number[] {
  checkPositive(usedUsd, 'btcUsd')
  return steps((offset) => usedUsd * ((10 + offset) / 10))
}

/** The same for an energy price; where 60 % of it says nothing (0 or a credit), a cent apart. */
export function energyAxis(usedUsd: number): number[] {
  return usedUsd > 0 ? priceAxis(usedUsd) : steps((offset) => usedUsd + offset / 100)
}

const steps = (at: (offset: number) => number) =>
  Array.from({ length: STEPS }, (_, index) => at(index - MIDDLE))
