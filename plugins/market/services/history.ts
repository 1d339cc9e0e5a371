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
const MARKED = `
  spaced as (
    select *, at - lag(at) over (order by at) as pause from one),
  usual as (
    select greatest(interval '3 hours', least(interval '${DAILY_GAP}',
      3 * percentile_cont(0.5) within group (order by pause))) as pause from spaced)`

const IS_GAP = `coalesce(spaced.pause > (case when quality = 'imported'
  then interval '${DAILY_GAP}' else (select pause from usual) end), false)`

/**
 * One value a moment (of several sources the one stored last), marked where a pause lies before it;
 * then the last value of each step. A pause inside a step counts for the step: no gap is bridged.
 */
const STEPS = `
  one as (
    select distinct on (at) at, value, quality from market_points
    where series = :series and at >= :since order by at, imported_at desc),
  ${MARKED},
  marked as (select at, value, quality, ${IS_GAP} as gap from spaced),
  steps as (
    select max(at) as at, (array_agg(value order by at desc))[1] as value, bool_or(gap) as gap,
      (array_agg(quality order by at desc))[1] as quality
    from marked group by floor(extract(epoch from at) / :step) order by 1)`

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
 * Network hashrate and its mean of the seven days before: one day is some 144 draws and errs by a
 * sixth (numerics §1). The mean is null where less than six of the days are covered.
 */
export async function hashrateHistory(range: ChartRange, now: Date) {
  const rows = await ask<HashrateRow>(
    `with one as (
      select distinct on (at) at, value, quality from market_points
      where series = :series and at >= cast(:since as timestamptz) - interval '7 days'
      order by at, imported_at desc),
    ${MARKED},
    marked as (
      select at, value, ${IS_GAP} as gap,
        case when first_value(at) over week <= at - interval '5 days' then avg(value) over week end as mean
      from spaced window week as (order by at range between interval '6 days 12 hours' preceding and current row))
    select max(at) as at, (array_agg(value order by at desc))[1] as value, bool_or(gap) as gap,
      (array_agg(mean order by at desc))[1] as mean
    from marked where at >= :since group by floor(extract(epoch from at) / :step) order by 1`,
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
 * Hashprice over a range, subsidy only: the stored price of each step, the difficulty that was
 * stored for that moment (not more than 36 hours before it) and the subsidy of the height or the
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
  const from = since(range, now)
  const epochs = await ask<{ at: Date | null; difficulty: number }>(
    'select first_block_at as at, difficulty from market_epochs order by epoch',
    {}
  )
  const points = await ask<{ at: Date; value: number }>(
    `select distinct on (at) at, value from market_points where series = 'difficulty'
      and at >= cast(:since as timestamptz) - interval '2 days' order by at, imported_at desc`,
    { since: from }
  )
  const exact = runsOfEpochs(
    epochs.map(({ at, difficulty }) => ({ firstBlockAt: at?.getTime() ?? null, difficulty }))
  )
  const seen = runsOfPoints(
    points.map(({ at, value }) => [at.getTime(), value] as const),
    DAILY_GAP_MS
  )
  return corners(mergeRuns(exact, seen), [from.getTime(), now.getTime()])
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

/** How much of each series is stored, source by source. */
export const coverage = () =>
  ask<Coverage>(
    `select series, source, count(*)::int as points, min(at) as "from", max(at) as "to",
        (max(at at time zone 'UTC')::date - min(at at time zone 'UTC')::date + 1
          - count(distinct (at at time zone 'UTC')::date))::int as "missingDays"
      from market_points group by series, source
    union all
    select 'candles_' || span, source, count(*)::int, min(at), max(at),
        (max(at at time zone 'UTC')::date - min(at at time zone 'UTC')::date + 1
          - count(distinct (at at time zone 'UTC')::date))::int
      from market_candles group by span, source
    union all
    select 'epochs', source, count(*)::int, min(first_block_at), max(first_block_at), null
      from market_epochs group by source
    order by series, source`,
    {}
  )
