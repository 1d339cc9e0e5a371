import type { RawQueryBindings } from '@adonisjs/lucid/types/querybuilder'
import { current } from '#core/current'
import { corners, mergeRuns, runsOfEpochs, runsOfPoints } from '../domain/difficulty_steps.js'
import { subsidyAt } from '../domain/halvings.js'
import { hashprice } from '../domain/hashprice.js'
import { type ChartRange, since } from '../domain/ranges.js'
import type { StoredSeries } from '../domain/series_kind.js'

/** A moment in ms and the value then; null is a gap: nothing was stored for longer than usual. */
export type HistoryPoint = [at: number, value: number | null]

/** Daily values further apart than this have something missing in between. */
const DAILY_GAP = '36 hours'
const DAY_MS = 86_400_000
const DAILY_GAP_MS = 1.5 * DAY_MS

/**
 * Live values come every minute or so and are thinned as they get old: three times their usual
 * distance is a pause, but never less than three hours (a feed that was away) or more than for daily
 * values.
 */
const USUAL = `
  select greatest(interval '3 hours', least(interval '${DAILY_GAP}',
    3 * percentile_cont(0.5) within group (order by pause))) from spaced where quality <> 'imported'`

/**
 * One value a moment (of several sources the one stored last), marked where a pause lies before it;
 * then the last value of each step. A pause inside a step counts for the step: no gap is bridged.
 * Every window goes by time, so that PostgreSQL sorts once.
 */
const STEPS = `
  one as (
    select distinct on (at) at, value, quality from market_points
    where series = :series and at >= :since order by at, imported_at desc),
  spaced as (
    select *, at - lag(at) over by_time as pause, floor(extract(epoch from at) / :step) as step
    from one window by_time as (order by at)),
  marked as (
    select at, value, quality, lead(step) over by_time is distinct from step as is_last,
      count(*) filter (where pause > case when quality = 'imported'
        then interval '${DAILY_GAP}' else (${USUAL}) end) over by_time as gaps
    from spaced window by_time as (order by at)),
  steps as (
    select at, value, quality, coalesce(gaps > lag(gaps) over (order by at), false) as gap
    from marked where is_last)`

interface StepRow {
  at: Date
  value: number
  gap: boolean
}

const placeholders = (series: StoredSeries, range: ChartRange, now: Date) => ({
  series,
  since: since(range, now),
  step: range.stepS,
})

const ask = async <Row>(sql: string, bindings: RawQueryBindings): Promise<Row[]> => {
  const { rows } = await current.get().client.rawQuery(sql, bindings)
  return rows as Row[]
}

/** Rows as points of a line, with a null just before each row that comes after a pause. */
function withGaps<Row extends { at: Date; gap: boolean }>(
  rows: readonly Row[],
  valueOf: (row: Row) => number | null
): HistoryPoint[] {
  return rows.flatMap((row, index): HistoryPoint[] => {
    const at = row.at.getTime()
    const point: HistoryPoint = [at, valueOf(row)]
    return row.gap && index > 0 ? [[at - 1, null], point] : [point]
  })
}

/** A stored series over a range, thinned to the steps of the range, oldest first. */
export async function history(series: StoredSeries, range: ChartRange, now: Date) {
  const rows = await ask<StepRow>(
    `with ${STEPS} select at, value, gap from steps order by at`,
    placeholders(series, range, now)
  )
  return withGaps(rows, ({ value }) => value)
}

interface HashrateRow extends StepRow {
  mean: number | null
}

/**
 * Network hashrate and the mean of the seven days up to it (of the means of days: live values come
 * closer together than imported ones). One day is some 144 draws and errs by a sixth (numerics §1).
 * The mean is null where less than six of the days are stored.
 */
export async function hashrateHistory(range: ChartRange, now: Date) {
  const rows = await ask<HashrateRow>(
    `with ${STEPS},
    days as (
      select date_trunc('day', at, 'UTC') as day, avg(value) as value from market_points
      where series = :series and at >= cast(:since as timestamptz) - interval '8 days' group by 1),
    weeks as (
      select day, case when count(*) over week >= 6 then avg(value) over week end as mean
      from days window week as (order by day range between interval '6 days' preceding and current row))
    select steps.at, steps.value, steps.gap, weeks.mean
    from steps left join weeks on weeks.day = date_trunc('day', steps.at, 'UTC') order by steps.at`,
    placeholders('network_hashrate_ths', range, now)
  )
  return {
    daily: withGaps(rows, ({ value }) => value),
    mean: withGaps(rows, ({ mean }) => mean),
  }
}

interface PricedRow extends StepRow {
  quality: string
  difficulty: number | null
  height: number | null
}

const ASOF = (series: StoredSeries) => `
  left join lateral (select value from market_points where series = '${series}'
    and at <= steps.at and at > steps.at - interval '${DAILY_GAP}'
    order by at desc, imported_at desc limit 1) as ${series} on true`

/**
 * Price and hashprice over a range, subsidy only: the stored price of each step, the difficulty that
 * was stored for that moment (not more than 36 hours before it) and the subsidy of the height or the
 * date. Null where one of them is missing.
 */
export async function hashpriceHistory(range: ChartRange, now: Date) {
  const rows = await ask<PricedRow>(
    `with ${STEPS}
    select steps.at, steps.value, steps.gap, steps.quality, difficulty.value as difficulty,
      block_height.value as height
    from steps ${ASOF('difficulty')} ${ASOF('block_height')} order by steps.at`,
    placeholders('price_usd', range, now)
  )
  const priced = rows.map((row) => ({ ...row, ...priceOf(row) }))
  return {
    price: withGaps(priced, ({ value }) => value),
    usdPerPhDay: withGaps(priced, ({ usdPerPhDay }) => usdPerPhDay),
    satsPerThDay: withGaps(priced, ({ satsPerThDay }) => satsPerThDay),
  }
}

function priceOf({ at, value, quality, difficulty, height }: PricedRow) {
  // A daily price is the close of its day: what the last block of that day paid.
  const moment = quality === 'imported' ? new Date(at.getTime() + DAY_MS - 1000) : at
  const subsidy = subsidyAt(moment, height)
  if (difficulty === null || !(difficulty > 0) || subsidy === null || !(value > 0)) {
    return { usdPerPhDay: null, satsPerThDay: null }
  }
  return hashprice({
    btcUsd: value,
    difficulty,
    subsidySats: Number(subsidy),
    feesSatsPerBlock: null,
  })
}

/** The difficulty over a range as a line with steps: exact times where the chain's are stored. */
export async function difficultyHistory(range: ChartRange, now: Date): Promise<HistoryPoint[]> {
  const from = since(range, now).getTime()
  const exact = await exactRuns()
  // Up to where the chain's own times are known nobody needs the daily values.
  const points = await ask<{ at: Date; value: number }>(
    `select distinct on (at) at, value from market_points where series = 'difficulty'
      and at >= cast(:since as timestamptz) - interval '2 days' order by at, imported_at desc`,
    { since: new Date(Math.max(from, exact.at(-1)?.to ?? 0)) }
  )
  const seen = runsOfPoints(
    points.map(({ at, value }) => [at.getTime(), value] as const),
    DAILY_GAP_MS
  )
  return corners(mergeRuns(exact, seen), [from, now.getTime()])
}

async function exactRuns() {
  const epochs = await ask<{ at: Date | null; difficulty: number }>(
    'select first_block_at as at, difficulty from market_epochs order by epoch',
    {}
  )
  return runsOfEpochs(
    epochs.map(({ at, difficulty }) => ({ firstBlockAt: at?.getTime() ?? null, difficulty }))
  )
}

export interface Coverage {
  /** A stored series, `candles_1d`, `candles_1h` or `epochs`. */
  series: string
  source: string
  points: number
  from: Date | null
  to: Date | null
  /** Days between the first and the last one that have no value; null where days do not apply. */
  missingDays: number | null
}

/** Days with a value, and how many values, of one table. */
const daysOf = (table: string, name: string) => `
  select ${name} as series, source, (at at time zone 'UTC')::date as day, count(*) as points,
    min(at) as first, max(at) as last
  from ${table} group by 1, 2, 3`

/** How much of each series is stored, source by source. */
export const coverage = () =>
  ask<Coverage>(
    `select series, source, sum(points)::int as points, min(first) as "from", max(last) as "to",
        (max(day) - min(day) + 1 - count(*))::int as "missingDays"
      from (${daysOf('market_points', 'series')} union all
        ${daysOf('market_candles', "'candles_' || span")}) as days
      group by series, source
    union all
    select 'epochs', source, count(*)::int, min(first_block_at), max(first_block_at), null
      from market_epochs group by source
    order by series, source`,
    {}
  )
