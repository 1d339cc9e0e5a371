/** A decimal number as it is written: digits over a power of ten. Nothing of it is rounded. */
export interface Decimal {
  digits: bigint
  /** How many of them stand behind the point. */
  places: number
}

const WRITTEN = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/

/** What a number says in its shortest decimal form: 0.1 is a tenth. Throws RangeError for no number. */
export function decimalOf(value: number): Decimal {
  const match = WRITTEN.exec(String(value))
  if (!match) throw new RangeError(`${value} is no decimal number`)
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match
  const digits = BigInt(`${sign}${whole}${fraction}`)
  const places = fraction.length - Number(exponent)
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 }
}

export const times = (one: Decimal, other: Decimal): Decimal => ({
  digits: one.digits * other.digits,
  places: one.places + other.places,
})

export const plus = (one: Decimal, other: Decimal): Decimal => {
  const places = Math.max(one.places, other.places)
  const scaled = ({ digits, places: own }: Decimal) => digits * 10n ** BigInt(places - own)
  return { digits: scaled(one) + scaled(other), places }
}

/** Rounded to a whole number once, half away from zero. */
export function wholeOf({ digits, places }: Decimal): bigint {
  const unit = 10n ** BigInt(places)
  const isNegative = digits < 0n
  const size = isNegative ? -digits : digits
  const whole = (size + unit / 2n) / unit
  return isNegative ? -whole : whole
}

/** As a double, rounded once. */
export const numberOf = ({ digits, places }: Decimal): number => Number(`${digits}e-${places}`)
