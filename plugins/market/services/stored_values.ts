import { current } from '#core/current'
import { STORED_SERIES, type StoredSeries } from '../domain/series_kind.js'

/** The newest value of a series that the portal has, with where and when it comes from. */
export interface StoredValue {
  series: StoredSeries
  value: number
  source: string
  /** When it was true, ISO 8601 in UTC. */
  at: string
  /**
   * imported: from a file; agreed: two sources or more say the same within their band; single: only
   * one could be asked; disputed: sources contradict each other.
   */
  quality: 'imported' | 'single' | 'agreed' | 'disputed'
}

/** One step down the key for each series, however long its history. */
const NEWEST = `
  select newest.* from unnest(?::text[]) as wanted (series) cross join lateral (
    select series, value, source, at, quality from market_points
    where series = wanted.series order by at desc, imported_at desc limit 1) newest`

/** The newest value of each series; what the portal does not have is not in the answer. */
export async function latestValues(
  series: readonly StoredSeries[] = STORED_SERIES
): Promise<Partial<Record<StoredSeries, StoredValue>>> {
  const { rows } = await current.get().client.rawQuery(NEWEST, [[...series]])
  return Object.fromEntries(
    (rows as (Omit<StoredValue, 'at'> & { at: Date })[]).map((row) => [
      row.series,
      { ...row, at: row.at.toISOString() },
    ])
  )
}

export interface NetworkMean extends StoredValue {
  /** Days of the week before `at` that are in the mean. */
  days: number
}

/**
 * The mean network hashrate of the newest seven stored days: one day is only some 144 draws and
 * errs by a sixth (numerics §1). Null when nothing is stored.
 */
export async function networkHashrateMean(): Promise<NetworkMean | null> {
  const { rows } = await current.get().client.rawQuery(
    `with newest as (select at, source, quality from market_points where series = 'network_hashrate_ths'
       order by at desc, imported_at desc limit 1)
     select avg(p.value) as value, count(*)::int as days, max(n.at) as at, max(n.source) as source,
       max(n.quality) as quality
     from market_points p join newest n on p.source = n.source
     where p.series = 'network_hashrate_ths' and p.at > n.at - interval '7 days' and p.at <= n.at`
  )
  const [row] = rows as (Omit<NetworkMean, 'at' | 'value'> & { value: number | null; at: Date })[]
  if (!row || row.value === null) return null
  return { ...row, series: 'network_hashrate_ths', value: row.value, at: row.at.toISOString() }
}

/** Daily points of a series since a day, thinned to at most `limit`, oldest first. */
export async function history(series: StoredSeries, since: Date, limit = 800) {
  const { rows } = await current.get().client.rawQuery(
    `with days as (
       select distinct on (at) at, value, row_number() over (order by at) as n, count(*) over () as total
       from market_points where series = ? and at >= ? order by at, imported_at desc)
     select at, value from days where n % greatest(1, total / ?) = 0 or n = total order by at`,
    [series, since, limit]
  )
  return (rows as { at: Date; value: number }[]).map(({ at, value }) => [at.getTime(), value])
}

/** How much of each series is stored. */
export async function coverage() {
  const { rows } = await current.get().client.rawQuery(
    `select series, source, count(*)::int as points, min(at) as from, max(at) as to
       from market_points group by series, source order by series, source`
  )
  return rows as { series: StoredSeries; source: string; points: number; from: Date; to: Date }[]
}
