import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation } from '#core/installation'
import {
  firstGap,
  KEEP_MS,
  newestClosed,
  type Span,
  SPAN_MS,
  SPANS,
} from '../domain/candle_gaps.js'
import type { ToldCandle } from '../providers/adapter.js'
import { type FeedReport, keepImplausible, tryFeed } from './provider_results.js'
import type { FeedState } from './provider_state.js'
import type { Ending } from './refresh_lease.js'

/** Pages of history a refresh asks for, at most: the rest comes with the next ones. */
const PAGES = 4

/** Span → the moment before which no provider has more; gaps before it are left alone. */
export type BlankBefore = Partial<Record<Span, number>>

interface FoundCandles {
  span: Span
  source: string
  candles: ToldCandle[]
}

export interface LearnedCandles {
  found: FoundCandles[]
  reports: FeedReport[]
  blankBefore: BlankBefore
  /** Whether a candle is missing that nobody told. */
  isBehind: boolean
}

/** Asks for the closed candles that are missing, newest history last, from the first feed that has them. */
export async function learnCandles(
  feeds: FeedState[],
  blankBefore: BlankBefore,
  now: Date
): Promise<LearnedCandles> {
  const learned: LearnedCandles = {
    found: [],
    reports: [],
    blankBefore: { ...blankBefore },
    isBehind: false,
  }
  for (const span of SPANS) await fillSpan(span, feeds, learned, now)
  return learned
}

async function fillSpan(span: Span, feeds: FeedState[], learned: LearnedCandles, now: Date) {
  const keptFrom = now.getTime() - KEEP_MS[span]
  const stored = await storedBeginnings(span, keptFrom)
  for (let page = 0; page < PAGES; page++) {
    const from = Math.max(keptFrom, learned.blankBefore[span] ?? 0)
    const gap = firstGap(span, stored, from, now.getTime())
    if (gap === null) return
    const told = await askForPage(span, gap, { feeds, learned, now })
    if (!told) {
      learned.isBehind = true
      return
    }
    learned.found.push({ ...told, candles: told.candles.filter(({ atMs }) => !stored.has(atMs)) })
    for (const { atMs } of told.candles) stored.add(atMs)
    if (told.candles.some(({ atMs }) => atMs === gap)) continue
    const beyond = told.candles[0]?.atMs ?? gap + told.page * SPAN_MS[span]
    // It closed this moment and is not told yet: the next tick asks again.
    if (beyond > newestClosed(span, now.getTime())) return
    // Nobody has it, but has later ones: it is not asked for again.
    learned.blankBefore[span] = beyond
  }
}

interface Asking {
  feeds: FeedState[]
  learned: LearnedCandles
  now: Date
}

async function askForPage(span: Span, fromMs: number, { feeds, learned, now }: Asking) {
  for (const state of feeds) {
    const wish = { span, fromMs, spanMs: SPAN_MS[span] }
    const { report, answer } = await tryFeed(state, wish, now)
    learned.reports.push(report)
    if (!answer) continue
    const told = answer.reading.candles ?? []
    const wrong = told.find((one) => !isCandle(one, span))
    if (wrong) {
      const detail = `${span} ${new Date(wrong.atMs || 0).toISOString()}`
      learned.reports.splice(-1, 1, await keepImplausible(state, detail, now))
      continue
    }
    const candles = told
      .filter(({ atMs }) => atMs >= fromMs && atMs <= newestClosed(span, now.getTime()))
      .sort((a, b) => a.atMs - b.atMs)
    const source = state.feed.source ?? state.provider.title
    return { span, source, candles, page: state.feed.page ?? 1 }
  }
  return null
}

const PRICE_MIN = 1
const PRICE_MAX = 1e8

/** High and low enclose the rest, the beginning is one of its span, and no price is absurd. */
function isCandle({ atMs, open, high, low, close, volume }: ToldCandle, span: Span) {
  const prices = [open, high, low, close]
  return (
    Number.isSafeInteger(atMs) &&
    atMs % SPAN_MS[span] === 0 &&
    prices.every((price) => price >= PRICE_MIN && price <= PRICE_MAX) &&
    high >= Math.max(...prices) &&
    low <= Math.min(...prices) &&
    (volume === null || volume >= 0)
  )
}

async function storedBeginnings(span: Span, fromMs: number): Promise<Set<number>> {
  const rows = await asInstallation((trx) =>
    trx
      .from('market_candles')
      .where('span', span)
      .where('at', '>=', new Date(fromMs))
      .distinct('at')
  )
  return new Set(rows.map((row: { at: Date }) => row.at.getTime()))
}

/** Stores candles; the close of a day is also the price at its end. */
export async function storeCandles(
  trx: TransactionClientContract,
  { found, blankBefore, isBehind, reports }: LearnedCandles,
  now: Date
): Promise<Ending> {
  for (const { span, source, candles } of found) {
    if (candles.length === 0) continue
    const rows = candles.map((one) => candleRow(span, source, one, now))
    await trx
      .knexQuery()
      .table('market_candles')
      .insert(rows)
      .onConflict(['span', 'at', 'source'])
      .merge()
    if (span !== '1d') continue
    const closes = candles.map(({ atMs, close }) => ({
      series: 'price_usd',
      at: new Date(atMs + SPAN_MS[span]),
      source,
      value: close,
      quality: 'single',
      imported_at: now,
    }))
    await trx
      .knexQuery()
      .table('market_points')
      .insert(closes)
      .onConflict(['series', 'at', 'source'])
      .ignore()
  }
  const count = found.reduce((sum, { candles }) => sum + candles.length, 0)
  const isFailure = isBehind && count === 0 && reports.every(({ state }) => state !== 'ok')
  const outcome = count > 0 ? 'stored' : isBehind ? 'nothing' : 'complete'
  return { outcome, isFailure, note: { blankBefore } }
}

const candleRow = (span: Span, source: string, candle: ToldCandle, now: Date) => ({
  span,
  at: new Date(candle.atMs),
  source,
  open_usd: candle.open,
  high_usd: candle.high,
  low_usd: candle.low,
  close_usd: candle.close,
  volume: candle.volume,
  imported_at: now,
})
