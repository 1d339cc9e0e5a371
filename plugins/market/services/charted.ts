import { current } from '#core/current'
import { type ChartRange, since } from '../domain/ranges.js'
import { type StoredSeries, UNITS } from '../domain/series_kind.js'
import { hashpriceHistory, history, type HistoryPoint } from './history.js'

export type HistorySeries = StoredSeries | 'hashprice'

export interface HistoryAnswer {
  series: HistorySeries
  unit: string
  range: string
  stepSeconds: number
  sources: string[]
  points: { at: Date; value: number | null }[]
}

/** A series over a range for those who read figures: API and CSV files. */
export async function historyAnswer(
  series: HistorySeries,
  range: ChartRange,
  now: Date
): Promise<HistoryAnswer> {
  const isComputed = series === 'hashprice'
  const points: HistoryPoint[] = isComputed
    ? (await hashpriceHistory(range, now)).usdPerPhDay
    : await history(series, range, now)
  return {
    series,
    unit: isComputed ? 'USD/PH/day' : UNITS[series],
    range: range.code,
    stepSeconds: range.stepS,
    sources: await sourcesOf(
      isComputed ? ['price_usd', 'difficulty'] : [series],
      since(range, now)
    ),
    points: points.map(([at, value]) => ({ at: new Date(at), value })),
  }
}

async function sourcesOf(series: readonly StoredSeries[], from: Date): Promise<string[]> {
  const { rows } = await current.get().client.rawQuery(
    `select distinct source from market_points
     where series = any(:series) and at >= :from order by source`,
    { series: [...series], from }
  )
  return (rows as { source: string }[]).map(({ source }) => source)
}
