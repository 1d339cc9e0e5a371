import { checkPositive, checkProbability } from './check.js'
import { findRoot, type Bracket } from './find_root.js'
import { gamma } from './gamma.js'

/**
 * The value that a gamma variable of shape `a` (scale 1) stays below with probability `p`; twice
 * this value is the chi-square quantile with 2a degrees of freedom. To about 1e-12 relative.
 * Throws CalculationError for a probability outside 0..1 or a shape that is not above 0.
 */
export function gammaQuantile(p: number, a: number): number {
  checkProbability(p, 'p')
  checkPositive(a, 'shape')
  // The smaller tail is the one that keeps its digits.
  const distance = (logX: number) => {
    const { lower, upper } = gamma(a, Math.exp(logX))
    return p < 0.5 ? lower / p - 1 : 1 - upper / (1 - p)
  }
  return Math.exp(findRoot(distance, bracketAround(Math.log(a), distance)))
}

function bracketAround(start: number, distance: (logX: number) => number): Bracket {
  let [low, high, step] = [start, start, 0.1]
  while (distance(low) > 0) low -= step *= 1.5
  step = 0.1
  while (distance(high) < 0) high += step *= 1.5
  return [low, high]
}
