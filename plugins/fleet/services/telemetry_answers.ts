import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import type { Row } from '#core/table'
import { ageSeconds } from '#core/time'
import { STATES } from '#edge/protocol/record'
import type { History, HistoryPoint } from './history.js'
import { minerRows } from './miners_table.js'
import { ANSWERING as ANSWERING_STATES } from './page_states.js'
import { fleetParts, type Part, type Sum, sumOf } from './page_sums.js'
import { WATTAGE_SOURCES } from './codes.js'

const when = (at: Date | null) => at?.toISOString() ?? null

const ANSWERING: readonly string[] = ANSWERING_STATES

const UNITS = {
  hashrateThs: 'TH/s',
  expectedThs: 'TH/s',
  hashratePct: '%',
  powerW: 'W',
  efficiencyJth: 'J/TH',
  tempMaxC: '°C',
  onlinePct: '%',
}

/**
 * What must be known to read live figures: how old the newest is, and of which share of the miners
 * the newest sample says what they do now (0 to 1; null: there are none).
 */
function liveMeta(newestAt: Date | null, { known, of }: { known: number; of: number }) {
  return {
    layer: 'live' as const,
    newestAt: when(newestAt),
    ageSeconds: newestAt && ageSeconds(newestAt, new Date()),
    coverage: of > 0 ? known / of : null,
    units: UNITS,
  }
}

const isKnown = ({ connectivity }: Row) => ANSWERING.includes(connectivity)

const newestOf = (rows: readonly Row[]): Date | null =>
  rows.reduce<Date | null>(
    (newest, { answered_at: at }) => (at && (!newest || at > newest) ? at : newest),
    null
  )

/** A miner now, as the API and the console say it; null: not known now. */
export const liveAnswer = (row: Row) => ({
  id: row.id as string,
  no: row.no as number,
  name: row.name as string | null,
  siteId: row.site_id as string,
  zoneId: row.zone_id as string | null,
  make: row.make as string | null,
  model: row.model as string | null,
  ip: row.ip as string | null,
  mac: row.mac as string | null,
  status: row.status as string,
  connectivity: row.connectivity as string,
  connectivitySince: when(row.connectivity_since),
  answeredAt: when(row.answered_at),
  hashrateThs: row.hashrate_ths as number | null,
  expectedThs: row.expected_ths as number | null,
  powerW: row.wattage_w as number | null,
  powerSource: row.wattage_source === null ? null : WATTAGE_SOURCES[row.wattage_source as number],
  efficiencyJth: row.jth as number | null,
  tempMaxC: row.temp_max_c as number | null,
  poolUrl: row.pool_url as string | null,
  faults: row.faults as number | null,
})

/** So many miners after the one with this number, in the order of numbers. */
export async function livePage(cursor: string | undefined, limit: number) {
  const rows: Row[] = await minerRows()
    .where('f.no', '>', Number(cursor ?? 0))
    .orderBy('f.no')
    .limit(limit + 1)
  const data = rows.slice(0, limit)
  return {
    data: data.map(liveAnswer),
    nextCursor: rows.length > limit ? String(data.at(-1)!.no) : null,
    _meta: liveMeta(newestOf(data), { known: data.filter(isKnown).length, of: data.length }),
  }
}

/** One miner now, with what its newest detail says. Throws E_NOT_FOUND. */
export async function minerAnswer(id: string) {
  const [row] = await minerRows().where('f.id', id)
  if (!row) throw new E_NOT_FOUND()
  const { client } = current.get()
  const of = { tenant_id: current.tenantId() }
  const kept = await client
    .from('fleet_miners')
    .where({ ...of, id })
    .select('detail', 'detail_at')
    .first()
  const live = await client
    .from('fleet_telemetry_live')
    .where({ ...of, miner_no: row.no })
    .select('state')
    .first()
  return {
    ...liveAnswer(row),
    state: live ? (STATES[live.state] ?? null) : null,
    detailAt: when(kept?.detail_at ?? null),
    detail: kept?.detail ?? null,
    _meta: liveMeta(row.answered_at, { known: isKnown(row) ? 1 : 0, of: 1 }),
  }
}

const sumAnswer = ({ newestAt, mix, ...sum }: Sum) => ({
  miners: sum.miners,
  connectivity: sum.states,
  hashrateThs: sum.ths,
  expectedThs: sum.expectedThs,
  hashratePct: sum.pct,
  powerW: sum.watts,
  powerKnownOf: sum.wattsKnown,
  powerSources: mix.map(({ source, watts }) => ({ source, powerW: watts })),
  efficiencyJth: sum.jth,
  onlinePct: sum.onlinePct,
  newestAt: when(newestAt),
})

/** The fleet that the actor sees, as a whole and by site. */
export async function summaryAnswer() {
  const parts = await fleetParts()
  const bySite = Map.groupBy(parts, ({ site_id: id }: Part) => id)
  const names = await current
    .get()
    .client.from('sites')
    .where('tenant_id', current.tenantId())
    .select('id', 'name')
  const sites = names.flatMap(({ id, name }) => {
    const own = bySite.get(id)
    return own ? [{ id: id as string, name: name as string, ...sumAnswer(sumOf(own)) }] : []
  })
  const sum = sumOf(parts)
  const known = ANSWERING.reduce((count, state) => count + (sum.states[state] ?? 0), 0)
  return {
    fleet: sumAnswer(sum),
    sites,
    _meta: liveMeta(sum.newestAt, { known, of: sum.miners }),
  }
}

const pointAnswer = ({ at, ...point }: HistoryPoint) => ({ at: at.toISOString(), ...point })

/** A history with what must be known to read it. */
export const historyAnswer = ({ lines, meta }: History) => ({
  data: [...lines].map(([line, points]) => ({ line, points: points.map(pointAnswer) })),
  _meta: { ...meta, newestAt: when(meta.newestAt) },
})
