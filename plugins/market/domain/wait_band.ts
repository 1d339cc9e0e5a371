import { checkInteger, checkPositive, checkProbability } from '#core/maths/check'
import { findRoot } from '#core/maths/find_root'

const TINY = 1e-300
const EPSILON = 1e-15
const MAX_TERMS = 20_000

export interface WaitBandInput {
  /** Intervals seen so far, and how long they took. */
  blocksSeen: number
  elapsedS: number
  blocksLeft: number
  confidence: number
}

export interface WaitBand {
  lowS: number
  highS: number
}

/**
 * How long the blocks still to come will take, when their pace is only known from those seen: the
 * ratio of the two mean intervals is F-distributed with 2r and 2n degrees of freedom (Hahn and
 * Meeker, Statistical Intervals, 1991, ch. 8: prediction for an exponential process). This covers
 * both what is not known of the pace and the chance in the blocks to come. Throws CalculationError.
 */
export function waitBand({
  blocksSeen,
  elapsedS,
  blocksLeft,
  confidence,
}: WaitBandInput): WaitBand {
  checkInteger(blocksSeen, 'blocksSeen', 1)
  checkInteger(blocksLeft, 'blocksLeft', 1)
  checkPositive(elapsedS, 'elapsedS')
  checkProbability(confidence, 'confidence')
  const tail = (1 - confidence) / 2
  const scaleS = (elapsedS / blocksSeen) * blocksLeft
  const quantile = (p: number) => scaleS * fQuantile(p, 2 * blocksLeft, 2 * blocksSeen)
  return { lowS: quantile(tail), highS: quantile(1 - tail) }
}

/** The value that an F variable with these degrees of freedom stays below with probability `p`. */
export function fQuantile(p: number, d1: number, d2: number): number {
  const distance = (logX: number) => fCdf(Math.exp(logX), d1, d2) - p
  let [low, high] = [-1, 1]
  while (distance(low) > 0) low *= 2
  while (distance(high) < 0) high *= 2
  return Math.exp(findRoot(distance, [low, high]))
}

const fCdf = (x: number, d1: number, d2: number) => beta((d1 * x) / (d1 * x + d2), d1 / 2, d2 / 2)

/** Regularised incomplete beta function; a continued fraction (DLMF 8.17.22) by Lentz' method. */
function beta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - beta(1 - x, b, a)
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)
  )
  return (front / a) * fraction(x, a, b)
}

function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let delta = 1
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d)
      c = nonZero(1 + term / c)
      delta = c * d
      value *= delta
    }
    if (Math.abs(delta - 1) < EPSILON) break
  }
  return value
}

const nonZero = (value: number) => (Math.abs(value) < TINY ? TINY : value)

/** Stirling's series after shifting to 12 or more; for a > 0. */
function logGamma(a: number): number {
  let shift = 0
  let z = a
  for (; z < 12; z++) shift += Math.log(z)
  const s = 1 / (z * z)
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680) * s) * s) * s) / z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}
