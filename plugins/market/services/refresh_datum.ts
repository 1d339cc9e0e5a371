import logger from '@adonisjs/core/services/logger'
import { DATUM_RULES, type Datum } from '../domain/data.js'
import { areFeedsOn } from './feeds_switch.js'
import type { FeedReport } from './provider_results.js'
import { feedsOf } from './provider_state.js'
import { type BlankBefore, learnCandles, storeCandles } from './refresh_candles.js'
import { learnCoins, storeCoins } from './refresh_coins.js'
import { learnEpochs, storeToldEpochs } from './refresh_epochs.js'
import { claim, type Ended, finish, type Lease } from './refresh_lease.js'
import { refreshState } from './refresh_state.js'
import { learnValues, storeValues } from './refresh_values.js'

export interface RefreshReport {
  datum: Datum
  /** `unset`: nobody set up a provider; `busy`: another process does it, or just did; `off`: MARKET_FEEDS=0. */
  outcome: 'stored' | 'disputed' | 'complete' | 'nothing' | 'unset' | 'busy' | 'off' | 'lost'
  feeds: FeedReport[]
}

interface RefreshOptions {
  now?: Date
  /** Not sooner after the last refresh than this; half of its interval unless given. */
  pauseMs?: number
}

/**
 * Brings a datum up to date, in at most one process at a time. What cannot be asked is written
 * down, never thrown: the next tick asks again.
 */
export async function refreshDatum(
  datum: Datum,
  { now = new Date(), pauseMs = DATUM_RULES[datum].everyMs / 2 }: RefreshOptions = {}
): Promise<RefreshReport> {
  if (!areFeedsOn()) return { datum, outcome: 'off', feeds: [] }
  const lease = await claim(datum, now, pauseMs)
  if (!lease) return { datum, outcome: 'busy', feeds: [] }
  const { feeds, ended, outcome } = await learn(lease, now)
  if (!ended) return { datum, outcome: 'lost', feeds }
  tell(datum, ended, { outcome, feeds })
  return { datum, outcome: outcome as RefreshReport['outcome'], feeds }
}

interface Work {
  feeds: FeedReport[]
  ended: Ended | null
  outcome: string
}

/** Asks, then writes what was learned while the lease still holds. */
async function learn(lease: Lease, now: Date): Promise<Work> {
  const states = await feedsOf(lease.datum)
  if (lease.datum === 'candles') {
    const { note } = await refreshState(lease.datum)
    const learned = await learnCandles(states, (note?.blankBefore ?? {}) as BlankBefore, now)
    return end(lease, learned.reports, now, (trx) => storeCandles(trx, learned, now))
  }
  if (lease.datum === 'coins') {
    const learned = await learnCoins(states, now)
    return end(lease, learned.reports, now, (trx) => storeCoins(trx, learned, now))
  }
  if (lease.datum === 'epochs') {
    const learned = await learnEpochs(states, now)
    return end(lease, learned.reports, now, (trx) => storeToldEpochs(trx, learned))
  }
  const learned = await learnValues(lease.datum, states, now)
  return end(lease, learned.reports, now, (trx) => storeValues(trx, learned, now))
}

async function end(
  lease: Lease,
  feeds: FeedReport[],
  now: Date,
  store: Parameters<typeof finish>[2]
): Promise<Work> {
  let outcome = 'lost'
  const ended = await finish(lease, now, async (trx) => {
    const ending = await store(trx)
    const isUnset = ending.isFailure && feeds.every(({ reason }) => SETUP.has(reason))
    outcome = isUnset ? 'unset' : ending.outcome
    return { ...ending, outcome, isFailure: ending.isFailure && !isUnset }
  })
  return { feeds, ended, outcome }
}

/** A provider that nobody set up does not fail. */
const SETUP = new Set<FeedReport['reason']>(['off', 'no_url', 'no_key'])

/** Loud once when it begins to fail, once when sources contradict, and once when it is well again. */
function tell(datum: Datum, ended: Ended, { outcome, feeds }: Pick<Work, 'outcome' | 'feeds'>) {
  const { failingBefore, failingSince, outcomeBefore } = ended
  const failed = feeds.map(({ provider, reason }) => `${provider}: ${reason ?? 'ok'}`)
  if (failingSince && !failingBefore) {
    logger.warn({ datum, feeds: failed }, 'no provider has a market figure; it is tried again')
  }
  if (failingBefore && !failingSince) logger.info({ datum }, 'market figures come again')
  if (outcome === 'disputed' && outcomeBefore !== 'disputed') {
    logger.warn({ datum, feeds: failed }, 'providers of a market figure contradict each other')
  }
}
