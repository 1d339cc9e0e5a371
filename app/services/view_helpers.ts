const cache = new Map<string, Intl.NumberFormat>()

function formatter(locale: string, options: Intl.NumberFormatOptions) {
  const key = `${locale}${JSON.stringify(options)}`
  const known = cache.get(key) ?? new Intl.NumberFormat(locale, options)
  cache.set(key, known)
  return known
}

/** Formats a figure in the person's language; null stays null so that views show it as missing. */
export function formatNumber(
  value: number | null | undefined,
  locale: string,
  options: Intl.NumberFormatOptions = {}
) {
  return value === null || value === undefined ? null : formatter(locale, options).format(value)
}

const OLD_AFTER_MS = 36 * 3_600_000

/** Whether a value is fresh enough to trust at a glance, by the time it was true. */
export const freshness = (at: string | Date, oldAfterMs = OLD_AFTER_MS) =>
  Date.now() - new Date(at).getTime() > oldAfterMs ? 'old' : 'fresh'

export const viewHelpers = { formatNumber, freshness }
