/**
 * Regularised incomplete gamma functions for shapes above 0, to about 1e-13 relative.
 * Both come from the density x^a e^-x / Γ(a+1) in Loader's saddle-point form (Fast and Accurate
 * Computation of Binomial Probabilities, 2000), which keeps its digits when a and x are large.
 */
const TINY = 1e-300
const EPSILON = 1e-16
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
]

/** Lower and upper regularised incomplete gamma at `x` for shape `a` > 0: P + Q = 1. */
export function gamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 }
  if (x < a + 1) {
    const lower = poissonDensity(a, x) * series(a, x)
    return { lower, upper: 1 - lower }
  }
  const upper = poissonDensity(a, x) * a * continuedFraction(a, x)
  return { lower: 1 - upper, upper }
}

/** x^a e^-x / Γ(a+1): the probability of `a` events when `x` are expected, for any real a > 0. */
export function poissonDensity(a: number, x: number): number {
  const exponent = -stirlingError(a) - deviance(a, x)
  return Math.exp(exponent) / Math.sqrt(2 * Math.PI * a)
}

/** Sum of x^n / ((a+1)…(a+n)), n = 0, 1, … */
function series(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** Lentz' method for Γ(a,x) / (x^a e^-x), which converges for x >= a + 1. */
function continuedFraction(a: number, x: number): number {
  const maxTerms = 200 + 20 * Math.sqrt(x)
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let value = d
  for (let n = 1; n <= maxTerms; n++) {
    const factor = -n * (n - a)
    b += 2
    d = 1 / nonZero(factor * d + b)
    c = nonZero(b + factor / c)
    value *= c * d
    if (Math.abs(c * d - 1) < EPSILON) break
  }
  return value
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** ln Γ(a+1) less Stirling's approximation of it. */
function stirlingError(a: number): number {
  if (a < 16) return logGamma(a + 1) - (a + 0.5) * Math.log(a) + a - 0.5 * Math.log(2 * Math.PI)
  const s = 1 / (a * a)
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188) * s) * s) * s) * s) / a
}

/** a ln(a/x) + x - a, without the cancellation near a = x. */
function deviance(a: number, x: number): number {
  const relative = (a - x) / (a + x)
  if (Math.abs(relative) >= 0.1) return a * Math.log(a / x) + x - a
  let term = 2 * a * relative
  let sum = (a - x) * relative
  for (let n = 3; n < 60; n += 2) {
    term *= relative * relative
    const next = sum + term / n
    if (next === sum) break
    sum = next
  }
  return sum
}

/** Lanczos' approximation with g = 7 and nine terms, for a > 0. */
function logGamma(a: number): number {
  const z = a - 1
  const base = z + 7.5
  const sum = LANCZOS.reduce((total, weight, i) => total + (i === 0 ? weight : weight / (z + i)), 0)
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(base) - base + Math.log(sum)
}
