/** How far back a chart looks, and how long one of its steps is. */
export interface ChartRange {
  code: string
  /** null is everything there is. */
  days: number | null
  /** One value each; the last of its step. */
  stepS: number
}

const HOUR_S = 3600
const DAY_S = 86_400

/** Steps are chosen so that no chart has more than about 800 points. */
export const RANGES = [
  { code: '1d', days: 1, stepS: 300 },
  { code: '7d', days: 7, stepS: HOUR_S },
  { code: '30d', days: 30, stepS: 6 * HOUR_S },
  { code: '1y', days: 365, stepS: DAY_S },
  { code: '4y', days: 1461, stepS: 2 * DAY_S },
  { code: 'all', days: null, stepS: 8 * DAY_S },
] as const satisfies readonly ChartRange[]

export const RANGE_CODES = RANGES.map(({ code }) => code)
export type RangeCode = (typeof RANGES)[number]['code']

/** The range with this code, or null. */
export const rangeOf = (code: string): ChartRange | null =>
  RANGES.find((range) => range.code === code) ?? null

/** When a range begins. */
export const since = ({ days }: ChartRange, now: Date) =>
  days === null ? new Date(0) : new Date(now.getTime() - days * DAY_S * 1000)
