import { CalculationError } from './calculation_error.js'

const MAX_STEPS = 300
const ROUNDING = 2 ** -52

/** An interval whose ends carry values of opposite sign, or a point that is a root itself. */
export type Bracket = [low: number, high: number]

/**
 * Root of a continuous `f` inside a bracket: Brent's method (Algorithms for Minimization without
 * Derivatives, 1973, ch. 4), to the last bits of a double.
 * Throws CalculationError E_CALC_NO_ROOT when the bracket holds no change of sign.
 */
export function findRoot(f: (x: number) => number, [low, high]: Bracket): number {
  let [a, fa, b, fb] = [low, f(low), high, f(high)]
  if (fa === 0) return a
  if (!(fa * Math.sign(fb) <= 0)) throw noRoot('bracket')
  let [c, fc] = [a, fa]
  let [step, previous] = [b - a, b - a]
  for (let i = 0; i < MAX_STEPS; i++) {
    if (Math.sign(fb) === Math.sign(fc)) {
      ;[c, fc] = [a, fa]
      step = previous = b - a
    }
    if (Math.abs(fc) < Math.abs(fb)) [a, fa, b, fb, c, fc] = [b, fb, c, fc, b, fb]
    const tolerance = 2 * ROUNDING * Math.abs(b) + Number.MIN_VALUE
    const middle = (c - b) / 2
    if (Math.abs(middle) <= tolerance || fb === 0) return b
    const guess = interpolate({ a, fa, b, fb, c, fc })
    ;[step, previous] = isUseful(guess, middle, previous) ? [guess, step] : [middle, middle]
    ;[a, fa] = [b, fb]
    b += Math.abs(step) > tolerance ? step : Math.sign(middle) * tolerance
    fb = f(b)
  }
  return b
}

/** An interpolated step must stay inside the bracket and at least halve the step before last. */
function isUseful(guess: number, middle: number, previous: number): boolean {
  const limit = Math.min(1.5 * Math.abs(middle), Math.abs(previous) / 2)
  return guess * Math.sign(middle) > 0 && Math.abs(guess) < limit
}

/**
 * The interval nearest to 0 in which `f` changes its sign, looked for outwards on both sides with
 * steps that grow by a quarter, up to |x| = `limit`.
 * Throws CalculationError E_CALC_NO_ROOT naming `field` when there is none.
 */
export function bracketNearZero(f: (x: number) => number, limit: number, field: string): Bracket {
  let [low, high, step] = [0, 0, limit * 1e-8]
  const atZero = f(0)
  if (atZero === 0) return [0, 0]
  let [atLow, atHigh] = [atZero, atZero]
  while (high < limit) {
    const above = f(high + step)
    if (above * Math.sign(atHigh) <= 0) return [high, high + step]
    const below = f(low - step)
    if (below * Math.sign(atLow) <= 0) return [low - step, low]
    ;[high, atHigh, low, atLow] = [high + step, above, low - step, below]
    step *= 1.25
  }
  throw noRoot(field)
}

interface Points {
  a: number
  fa: number
  b: number
  fb: number
  c: number
  fc: number
}

/** Step from b by inverse quadratic interpolation, or by the secant when two points agree. */
function interpolate({ a, fa, b, fb, c, fc }: Points): number {
  const s = fb / fa
  if (a === c) return ((c - b) * s) / (1 - s)
  const q = fa / fc
  const r = fb / fc
  const p = s * ((c - b) * q * (q - r) - (b - a) * (r - 1))
  return -p / ((q - 1) * (r - 1) * (s - 1))
}

function noRoot(field: string): CalculationError {
  return new CalculationError(field, 'have no rate that balances them', 'E_CALC_NO_ROOT')
}
