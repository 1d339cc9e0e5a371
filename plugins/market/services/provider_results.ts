import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation } from '#core/installation'
import { afterFailure } from '../domain/breaker.js'
import type { Wish } from '../providers/adapter.js'
import { type AskError, askFeed, type Answered, type NotAnswered } from './provider_ask.js'
import { pauseProvider, takeToken } from './provider_budget.js'
import { type FeedState, reasonToSkip, type SkipReason } from './provider_state.js'

/** What became of one feed in one refresh; the console and the page of staff show it. */
export interface FeedReport {
  provider: string
  state: 'ok' | 'failed' | 'skipped'
  reason: AskError | SkipReason | 'implausible' | null
  detail: string | null
  ms: number | null
}

export type Tried = { report: FeedReport; answer: Answered | null }

/** The ETag belongs to a question; only feeds that always ask the same one have it. */
const hasEtag = ({ datum }: FeedState) => datum !== 'candles'

const row = (trx: TransactionClientContract, { datum, provider }: FeedState) =>
  trx.from('market_feeds').where({ datum, provider: provider.name })

/** Asks a feed unless it must be left alone, and writes down how it went. */
export async function tryFeed(state: FeedState, wish: Wish, now: Date): Promise<Tried> {
  const skip = reasonToSkip(state, now)
  if (skip) return { report: reportOf(state, 'skipped', skip), answer: null }
  return askNow(state, wish, now)
}

/** The same without asking the breaker: somebody of the staff wants to know. */
export async function askNow(state: FeedState, wish: Wish, now: Date): Promise<Tried> {
  if (!(await takeToken(state.provider, now))) {
    return { report: reportOf(state, 'skipped', 'bucket_empty'), answer: null }
  }
  const outcome = await askFeed(state, wish, now)
  if (!outcome.ok) return { report: await keepFailure(state, outcome, now), answer: null }
  await keepSuccess(state, outcome, now)
  return { report: { ...reportOf(state, 'ok', null), ms: outcome.ms }, answer: outcome }
}

const reportOf = (
  { provider }: FeedState,
  state: FeedReport['state'],
  reason: FeedReport['reason'],
  detail: string | null = null
): FeedReport => ({ provider: provider.name, state, reason, detail, ms: null })

const keepSuccess = (state: FeedState, { ms, etag, reading }: Answered, now: Date) =>
  asInstallation((trx) =>
    row(trx, state).update({
      failures: 0,
      retry_at: null,
      last_success_at: now,
      latency_ms: ms,
      ...(hasEtag(state) ? { etag, reading: etag ? JSON.stringify(reading) : null } : {}),
    })
  )

async function keepFailure(state: FeedState, { error, detail, pauseMs }: NotAnswered, now: Date) {
  // A host that says "too often" is well: it is left alone for a while, its breaker stays as it is.
  if (pauseMs !== null) await pauseProvider(state.provider, new Date(now.getTime() + pauseMs))
  await keepError(state, { error, detail, counts: pauseMs === null }, now)
  return reportOf(state, 'failed', error, detail)
}

interface Fault {
  error: AskError | 'implausible'
  detail: string | null
  /** Whether the breaker counts it. */
  counts: boolean
}

const keepError = (state: FeedState, { error, detail, counts }: Fault, now: Date) =>
  asInstallation((trx) => {
    const breaker = counts ? afterFailure(state, now) : state
    return row(trx, state).update({
      failures: breaker.failures,
      retry_at: breaker.retryAt,
      last_error: error,
      last_error_detail: detail?.slice(0, 200) ?? null,
      last_error_at: now,
    })
  })

/** An answer that was read and then not believed is a failure too. */
export async function keepImplausible(state: FeedState, detail: string, now: Date) {
  await keepError(state, { error: 'implausible', detail, counts: true }, now)
  return reportOf(state, 'failed', 'implausible', detail)
}
