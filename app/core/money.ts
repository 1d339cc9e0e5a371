import { Decimal } from 'decimal.js'

/** What the exact functions accept: a number means its shortest decimal text (1.005 is 1.005). */
export type ExactValue = Decimal.Value

const Exact60 = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP })

/** A value that cannot be money. `field` names it, `code` is stable for callers and texts. */
export class MoneyError extends RangeError {
  readonly code = 'E_MONEY_INPUT'

  constructor(
    readonly field: string,
    reason: string
  ) {
    super(`${field} ${reason}`)
    this.name = 'MoneyError'
  }
}

/**
 * A decimal number with 60 significant digits, for products of rates and quantities that are
 * rounded afterwards. Throws MoneyError naming `field` for anything that is not a finite number.
 */
export function exact(value: ExactValue, field = 'value'): Decimal {
  const number = parse(value)
  if (!number?.isFinite()) throw new MoneyError(field, 'must be a finite decimal number')
  return number
}

/**
 * US dollars to whole cents: the one place where booked money is rounded, half away from zero
 * (1.005 -> 101, -1.005 -> -101). Throws MoneyError when the value is not a finite number.
 */
export function centsFromUsd(value: ExactValue): bigint {
  const quick = typeof value === 'number' ? centsFromText(String(value)) : null
  if (quick !== null) return quick
  const rounded = exact(value, 'usd').toDecimalPlaces(2, Decimal.ROUND_HALF_UP)
  return BigInt(rounded.toFixed(2).replace('.', ''))
}

const PLAIN_DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/
const DIGIT_FIVE = 53

/**
 * The same from the shortest decimal text of a double, ten times as fast as with 60 digits: what
 * lies behind the cents decides by its first digit alone. Null for an exponent, NaN, infinity.
 */
function centsFromText(text: string): bigint | null {
  const [, sign, whole, fraction = ''] = PLAIN_DECIMAL.exec(text) ?? []
  if (whole === undefined) return null
  const digits = whole + fraction.slice(0, 2).padEnd(2, '0')
  const isUp = fraction.length > 2 && fraction.charCodeAt(2) >= DIGIT_FIVE
  const cents = BigInt(digits) + (isUp ? 1n : 0n)
  return sign ? -cents : cents
}

/** Whole cents to US dollars, exactly; for arithmetic that ends in `centsFromUsd`. */
export function usdFromCents(cents: bigint): Decimal {
  return new Exact60(cents.toString()).div(100)
}

/**
 * Satoshis to bitcoin, for display and rates; never for booking. Accepts fractions of a satoshi.
 * Throws MoneyError for NaN and infinities.
 */
export function satsToBtc(sats: bigint | number): number {
  const number = Number(sats)
  if (!Number.isFinite(number)) throw new MoneyError('sats', 'must be a finite number')
  return number / 1e8
}

/** Satoshis to whole ones, half away from zero. Throws MoneyError for NaN and infinities. */
export function wholeSats(sats: number): bigint {
  if (!Number.isFinite(sats)) throw new MoneyError('sats', 'must be a finite number')
  return BigInt(sats < 0 ? -Math.round(-sats) : Math.round(sats))
}

function parse(value: ExactValue): Decimal | null {
  try {
    return new Exact60(value)
  } catch {
    return null
  }
}
