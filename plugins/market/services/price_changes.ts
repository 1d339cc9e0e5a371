import { current } from '#core/current'
import type { StoredValue } from './stored_values.js'

export interface PriceChanges {
  /** Against the stored value a day and a week before; null where none is stored close to then. */
  dayPct: number | null
  weekPct: number | null
}

/** So long before the wanted moment a value may be and still stand for it. */
const SLACK = '12 hours'

const BEFORE = `
  select (select p.value from market_points p where p.series = :series
      and p.at <= cast(:at as timestamptz) - steps.span
      and p.at > cast(:at as timestamptz) - steps.span - interval '${SLACK}'
    order by p.at desc, p.imported_at desc limit 1) as value
  from (values (1, interval '1 day'), (2, interval '7 days')) as steps (n, span) order by steps.n`

/** How the price has moved up to its newest value. */
export async function priceChanges({ series, at, value }: StoredValue): Promise<PriceChanges> {
  const { rows } = await current.get().client.rawQuery(BEFORE, { series, at: new Date(at) })
  const [day, week] = (rows as { value: number | null }[]).map((row) =>
    row.value ? (value / row.value - 1) * 100 : null
  )
  return { dayPct: day ?? null, weekPct: week ?? null }
}

export interface Claim {
  source: string
  value: number
}

/** What each source said about the time of the newest value, for values that are disputed. */
export async function claims({ series, at }: StoredValue): Promise<Claim[]> {
  const { rows } = await current.get().client.rawQuery(
    `select distinct on (source) source, value from market_points
     where series = :series and at <= :at and at > cast(:at as timestamptz) - interval '15 minutes'
     order by source, at desc, imported_at desc`,
    { series, at: new Date(at) }
  )
  return rows as Claim[]
}
