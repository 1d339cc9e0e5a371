/** How far back a chart looks; null is everything there is. */
export const RANGES = [
  { code: '30d', days: 30 },
  { code: '1y', days: 365 },
  { code: '4y', days: 1461 },
  { code: 'all', days: null },
] as const

export const rangeOf = (code: unknown) => RANGES.find((range) => range.code === code) ?? RANGES[3]
