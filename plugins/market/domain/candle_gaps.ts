export const SPANS = ['1d', '1h'] as const
export type Span = (typeof SPANS)[number]

const HOUR_MS = 3_600_000

export const SPAN_MS: Record<Span, number> = { '1d': 24 * HOUR_MS, '1h': HOUR_MS }

/** How far back candles are kept complete: four years of days (one halving), ninety days of hours. */
export const KEEP_MS: Record<Span, number> = { '1d': 1461 * 24 * HOUR_MS, '1h': 90 * 24 * HOUR_MS }

/** The beginning of the newest candle that is closed at `nowMs`, in Unix ms. */
export const newestClosed = (span: Span, nowMs: number) =>
  (Math.floor(nowMs / SPAN_MS[span]) - 1) * SPAN_MS[span]

/**
 * The first candle that is missing between `fromMs` and the newest closed one; null when none is.
 * `stored` are beginnings of candles.
 */
export function firstGap(
  span: Span,
  stored: ReadonlySet<number>,
  fromMs: number,
  nowMs: number
): number | null {
  const spanMs = SPAN_MS[span]
  const last = newestClosed(span, nowMs)
  for (let at = Math.ceil(fromMs / spanMs) * spanMs; at <= last; at += spanMs) {
    if (!stored.has(at)) return at
  }
  return null
}
