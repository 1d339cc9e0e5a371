import { current } from '#core/current'
import { STORED_SERIES, type StoredSeries } from '../domain/series_kind.js'
import type { Judged } from '../domain/settle.js'
import { wakeOld } from './refresh_wake.js'

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
  /** What each source that was asked said, the others too; only where it was asked for live. */
  detail?: Judged[]
}

/** One look into the primary key for each series, however long the table is. */
const NEWEST = `
  select newest.* from unnest(?::text[]) as wanted (series) cross join lateral (
    select series, value, source, at, quality, detail from market_points p
    where p.series = wanted.series order by at desc, imported_at desc limit 1) as newest`

type Row = Omit<StoredValue, 'at' | 'detail'> & { at: Date; detail: Judged[] | null }

/**
 * The newest value of each series; what the portal does not have is not in the answer. It is what
 * is stored, however old: reading only wakes a refresh, which nobody waits for.
 */
export async function latestValues(
  series: readonly StoredSeries[] = STORED_SERIES
): Promise<Partial<Record<StoredSeries, StoredValue>>> {
  const { rows } = await current.get().client.rawQuery(NEWEST, [[...series]])
  const found: Partial<Record<StoredSeries, StoredValue>> = Object.fromEntries(
    (rows as Row[]).map(({ detail, ...row }) => [
      row.series,
      { ...row, at: row.at.toISOString(), ...(detail ? { detail } : {}) },
    ])
  )
  wakeOld(series, (one) => found[one]?.at)
  return found
}

export interface NetworkMean extends StoredValue {
  /** Days of the week before `at` that are in the mean. */
  days: number
}

/**
 * The mean network hashrate of the newest seven days that are stored: one day is only some 144
 * draws and errs by a sixth (numerics §1). A day counts once, however many of its points and
 * sources there are; they are all named. Null when nothing is stored.
 */
export async function networkHashrateMean(): Promise<NetworkMean | null> {
  const { rows } = await current.get().client.rawQuery(
    `with newest as (select max(at) as at from market_points where series = 'network_hashrate_ths'),
     week as (
       select p.* from market_points p, newest n where p.series = 'network_hashrate_ths'
         and p.at > n.at - interval '7 days' and p.at <= n.at),
     days as (select avg(value) as value from week, newest n
       group by floor(extract(epoch from n.at - week.at) / 86400))
     select (select avg(value) from days) as value, (select count(*)::int from days) as days,
       (select at from newest) as at,
       (select string_agg(distinct source, ', ' order by source) from week) as source,
       (select quality from week order by at desc, imported_at desc limit 1) as quality`
  )
  const [row] = rows as (Omit<NetworkMean, 'at' | 'value'> & { value: number | null; at: Date })[]
  wakeOld(['network_hashrate_ths'], () => row?.at?.toISOString())
  if (!row || row.value === null) return null
  return { ...row, series: 'network_hashrate_ths', value: row.value, at: row.at.toISOString() }
}
