import { newestClosed, SPAN_MS } from '../domain/candle_gaps.js'
import type { Reading } from '../providers/adapter.js'
import { E_FEEDS_OFF, areFeedsOn } from './feeds_switch.js'
import { askNow, type FeedReport } from './provider_results.js'
import { type FeedState, reasonToSkip } from './provider_state.js'

export interface Trial {
  report: FeedReport
  /** What it answered; null when there was no answer. Nothing of it is stored as a figure. */
  reading: Reading | null
}

const TRIED_HOURS = 3

/**
 * Asks one feed now, although its breaker is open: somebody of the staff wants to know. The bucket
 * and the pause that the host asked for hold for them too.
 */
export async function tryNow(state: FeedState, now = new Date()): Promise<Trial> {
  if (!areFeedsOn()) throw new E_FEEDS_OFF()
  const skip = reasonToSkip({ ...state, enabled: true, failures: 0 }, now)
  if (skip) {
    const provider = state.provider.name
    return {
      report: { provider, state: 'skipped', reason: skip, detail: null, ms: null },
      reading: null,
    }
  }
  const spanMs = SPAN_MS['1h']
  const fromMs = newestClosed('1h', now.getTime()) - (TRIED_HOURS - 1) * spanMs
  const { report, answer } = await askNow(state, { span: '1h', fromMs, spanMs }, now)
  return { report, reading: answer?.reading ?? null }
}
