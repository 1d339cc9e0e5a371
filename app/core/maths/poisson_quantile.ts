import { checkInteger, checkPositive, checkProbability } from './check.js'
import { gamma } from './gamma.js'

/** Rounding of the distribution function, so that p = CDF(k) gives k (the same as R's qpois). */
const FUZZ = 64 * Number.EPSILON

/** Probability of at most `k` events when `lambda` are expected. Throws CalculationError. */
export function poissonCdf(k: number, lambda: number): number {
  checkInteger(k, 'k')
  checkPositive(lambda, 'lambda')
  return gamma(k + 1, lambda).upper
}

/** Probability of `k` events or more when `lambda` are expected. Throws CalculationError. */
export function poissonAtLeast(k: number, lambda: number): number {
  checkInteger(k, 'k')
  checkPositive(lambda, 'lambda')
  return k === 0 ? 1 : gamma(k, lambda).lower
}

/**
 * The smallest number of events k with P(X <= k) >= p when `lambda` are expected.
 * Throws CalculationError for a probability outside 0..1 or a lambda that is not above 0.
 */
export function poissonQuantile(p: number, lambda: number): number {
  checkProbability(p, 'p')
  checkPositive(lambda, 'lambda')
  const reaches = (k: number) => poissonCdf(k, lambda) >= p * (1 - FUZZ)
  let [below, at] = [-1, Math.ceil(lambda)]
  while (!reaches(at)) [below, at] = [at, at * 2]
  while (at - below > 1) {
    const middle = Math.floor((below + at) / 2)
    if (reaches(middle)) at = middle
    else below = middle
  }
  return at
}
