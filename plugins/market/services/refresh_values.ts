import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation } from '#core/installation'
import { DATUM_RULES, type Datum } from '../domain/data.js'
import type { StoredSeries } from '../domain/series_kind.js'
import { SERIES_RULES } from '../domain/series_rules.js'
import { type LastGood, type Said, settle, type Settled, type Unsettled } from '../domain/settle.js'
import { type FeedReport, keepImplausible, type Tried, tryFeed } from './provider_results.js'
import type { FeedState } from './provider_state.js'
import { type Ending, REFRESH_BUDGET_MS } from './refresh_lease.js'

type Believed = Map<StoredSeries, Settled | Unsettled>

interface Heard extends Said {
  state: FeedState
  at: Date | null
}

/** Everything that was heard in one refresh. */
export interface Learned {
  said: Map<StoredSeries, Heard[]>
  reports: FeedReport[]
  believed: Believed
}

const NO_WISH = { span: '1d', fromMs: 0, spanMs: 0 } as const

/**
 * Asks the feeds of a datum in their order until every series has a value that further sources
 * could not make better: at once as many as must agree, then one after the other.
 */
export async function learnValues(datum: Datum, feeds: FeedState[], now: Date): Promise<Learned> {
  const { series, quorum } = DATUM_RULES[datum]
  const last = await lastGood(series, now)
  const learned: Learned = { said: new Map(), reports: [], believed: new Map() }
  const deadline = performance.now() + REFRESH_BUDGET_MS
  const waiting = [...feeds]
  let width: number = quorum
  while (waiting.length > 0 && performance.now() < deadline) {
    const open = series.filter((one) => !isFinal(learned.believed.get(one)))
    if (open.length === 0) break
    const turn = takeTurn(waiting, open, width)
    if (turn.length === 0) break
    const tries = await Promise.all(turn.map((state) => tryFeed(state, NO_WISH, now)))
    for (const [index, tried] of tries.entries()) hear(turn[index]!, tried, learned)
    for (const one of series) {
      const rule = SERIES_RULES[one]
      const said = (learned.said.get(one) ?? []).map(({ source, value }) => ({ source, value }))
      learned.believed.set(one, settle(said, { rule, last: last.get(one) ?? null, quorum }))
    }
    width = tries.some(({ answer }) => answer) ? 1 : quorum
  }
  await blameImplausible(learned, now)
  return learned
}

const isFinal = (value: Settled | Unsettled | undefined) =>
  value !== undefined && value.value !== null && value.isFinal

/** The next feeds that can tell one of the open series. */
function takeTurn(waiting: FeedState[], open: readonly StoredSeries[], width: number) {
  const turn: FeedState[] = []
  while (turn.length < width) {
    const index = waiting.findIndex(
      ({ feed }) => !feed.series || feed.series.some((one) => open.includes(one))
    )
    if (index < 0) break
    turn.push(...waiting.splice(index, 1))
  }
  return turn
}

/** Adds what a feed said, in the order in which feeds are asked. */
function hear(state: FeedState, { report, answer }: Tried, learned: Learned) {
  learned.reports.push(report)
  const source = state.feed.source ?? state.provider.title
  const at = answer?.reading.at ?? null
  for (const [name, value] of Object.entries(answer?.reading.values ?? {})) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue
    const series = name as StoredSeries
    learned.said.set(series, [...(learned.said.get(series) ?? []), { state, source, value, at }])
  }
}

/** Sources whose value was not believed failed, as if they had not answered. */
async function blameImplausible({ said, believed, reports }: Learned, now: Date) {
  const blamed = new Set<string>()
  for (const [series, verdicts] of believed) {
    for (const [index, { verdict, value }] of verdicts.detail.entries()) {
      const { state } = said.get(series)![index]!
      const isBad = verdict === 'implausible' || verdict === 'absurd'
      if (!isBad || blamed.has(state.provider.name)) continue
      blamed.add(state.provider.name)
      const report = await keepImplausible(state, `${series} = ${value}`, now)
      reports[reports.findIndex(({ provider }) => provider === report.provider)] = report
    }
  }
}

/** The newest stored value of each series, of any source. */
async function lastGood(series: readonly StoredSeries[], now: Date) {
  const { rows } = await asInstallation((trx) =>
    trx.rawQuery(
      `select newest.* from unnest(?::text[]) as wanted (series) cross join lateral (
         select series, value, at from market_points p where p.series = wanted.series and at <= ?
         order by at desc, imported_at desc limit 1) as newest`,
      [[...series], now.toISOString()]
    )
  )
  return new Map<StoredSeries, LastGood>(
    (rows as { series: StoredSeries; value: number; at: Date }[]).map((row) => [
      row.series,
      { value: row.value, ageMs: now.getTime() - row.at.getTime() },
    ])
  )
}

/** Stores what is believed. A value is true at the moment of asking unless its source says when. */
export async function storeValues(
  trx: TransactionClientContract,
  { believed, said }: Learned,
  now: Date
): Promise<Ending> {
  const rows = [...believed].flatMap(([series, one]) => {
    if (one.value === null) return []
    const daily = series === 'fear_greed' ? (said.get(series)?.[0]?.at ?? now) : now
    const { value, source, quality, detail } = one
    return [{ series, at: daily, source: source.slice(0, 80), value, quality, detail }]
  })
  if (rows.length === 0) return { outcome: 'nothing', isFailure: true }
  await trx
    .knexQuery()
    .table('market_points')
    .insert(rows.map((row) => ({ ...row, detail: JSON.stringify(row.detail), imported_at: now })))
    .onConflict(['series', 'at', 'source'])
    .merge()
  const isDisputed = rows.some(({ quality }) => quality === 'disputed')
  return { outcome: isDisputed ? 'disputed' : 'stored', isFailure: false }
}
