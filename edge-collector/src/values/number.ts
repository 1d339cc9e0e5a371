/** Thousands commas and a unit after the number are allowed, nothing else is. */
const NUMBER =
  /^([+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?(?:e[+-]?\d{1,3})?)\s*(?:[a-z%°/]{1,8})?$/i
const LONGEST = 40

const finite = (number: number): number | null => (Number.isFinite(number) ? number : null)

/** Reads 12, " 71 ", "18,500.5", "58.94W", "4052.00 RPM"; null for what is no finite number. */
export const toNumber = (value: unknown): number | null => {
  if (typeof value === 'number') return finite(value)
  if (typeof value !== 'string' || value.length > LONGEST) return null
  const digits = NUMBER.exec(value.trim())?.[1]
  return digits === undefined ? null : finite(Number(digits.replaceAll(',', '')))
}

/** Watts of a miner; below zero is how firmware says "unknown". */
export const toWatts = (value: unknown): number | null => {
  const watts = toNumber(value)
  return watts === null || watts < 0 ? null : watts
}

/** The mean of what is known; null of nothing. */
export const meanOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** The highest of what is known; null of nothing. */
export const maxOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>(
    (max, value) => (value !== null && (max === null || value > max) ? value : max),
    null
  )

/** Sum of what is known; null of nothing. */
export const sumOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}
