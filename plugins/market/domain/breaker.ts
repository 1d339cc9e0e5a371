const FAILURES_TO_OPEN = 3
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 600_000

export interface Breaker {
  /** Failures in a row. */
  failures: number
  /** Not before this moment; null while closed. */
  retryAt: Date | null
}

export type BreakerState = 'closed' | 'open' | 'half_open'

/** Open lets nothing through; half open lets one try through, which closes or opens it again. */
export function breakerState({ failures, retryAt }: Breaker, now: Date): BreakerState {
  if (failures < FAILURES_TO_OPEN || !retryAt) return 'closed'
  return retryAt.getTime() > now.getTime() ? 'open' : 'half_open'
}

/** The breaker after one more failure: the third opens it for 30 s, each further one for twice as long. */
export function afterFailure({ failures }: Pick<Breaker, 'failures'>, now: Date): Breaker {
  const count = failures + 1
  if (count < FAILURES_TO_OPEN) return { failures: count, retryAt: null }
  const doublings = Math.min(count - FAILURES_TO_OPEN, 20)
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS)
  return { failures: count, retryAt: new Date(now.getTime() + pauseMs) }
}
