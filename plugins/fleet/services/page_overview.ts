import { liveAttributes } from '#core/live'
import { current } from '#core/current'
import type { Row } from '#core/table'
import { EXPECTED, minerRows } from './miners_table.js'
import { siteChoices, zoneChoices } from './page_choices.js'
import { fleetParts, type Part, type Sum, sumOf } from './page_sums.js'
import { STATES_SHOWN } from './page_states.js'
import { liveSource, tilesOf } from './page_tiles.js'
import type { Words } from './page_words.js'
import { withSparks } from './sparks.js'

const WORST = 10
const CHANGES = 10
const ALARMS = 20

const rowsOf = (table: string) =>
  current.get().client.from(table).where(`${table}.tenant_id`, current.tenantId())

/** Miners that hash, but least of what they should. */
const WORST_NOS = `
  select l.miner_no as no from fleet_telemetry_live l
  where l.tenant_id = ? and l.connectivity = 'online' and l.miner_status = 'active'
    and l.hashrate_ths < 0.97 * ${EXPECTED}
  order by l.hashrate_ths / ${EXPECTED} limit ${WORST}`

export async function worstMiners(): Promise<Row[]> {
  const { rows } = await current.get().client.rawQuery(WORST_NOS, [current.tenantId()])
  const nos = (rows as { no: number }[]).map(({ no }) => no)
  if (nos.length === 0) return []
  return withSparks(await minerRows().whereIn('f.no', nos).orderBy('f.pct'))
}

/** Looked at of one hour; a site that comes back changes tens of thousands of miners at once. */
const MOST_CHANGES = 1000

/**
 * Miners of a site that made the same change in the same minute are one row. Each miner is looked
 * up by its number (offset 0): as a join the planner reads all miners of the fleet.
 */
const CHANGES_SQL = `
  with recent as materialized (
    select miner_no, at, date_trunc('minute', at) as minute, was, became
    from fleet_connectivity_changes
    where tenant_id = :tenant and at > :since order by at desc limit ${MOST_CHANGES}
  ), whole as (select count(*)::int as total, min(minute) as oldest from recent)
  select max(c.at) as at, c.was, c.became, count(*)::int as miners, m.site_id,
    min(m.no) as no, (array_agg(m.id order by m.no))[1] as id,
    (array_agg(m.name order by m.no))[1] as name,
    w.total, w.total = ${MOST_CHANGES} and c.minute = w.oldest as is_more
  from recent c cross join whole w cross join lateral (
    select no, id, name, site_id from fleet_miners
    where tenant_id = :tenant and no = c.miner_no offset 0
  ) as m
  group by c.minute, c.was, c.became, m.site_id, w.total, w.oldest
  order by 1 desc, miners desc limit ${CHANGES}`

/** Who came and went in the last hour, newest first; of very many the newest, with a row that says so. */
export async function recentChanges() {
  const since = new Date(Date.now() - 3_600_000)
  const tenant = current.tenantId()
  const { rows } = await current.get().client.rawQuery(CHANGES_SQL, { tenant, since })
  const sites = new Map((await siteChoices()).map(({ value, label }) => [value, label]))
  const total: number = rows[0]?.total ?? 0
  return {
    rows: rows.map((row: Row) => ({ ...row, site: sites.get(row.site_id) ?? null })),
    total,
    isCut: total === MOST_CHANGES,
  }
}

/** Alarms that nobody has looked at, newest first. */
export async function openAlarms(kind?: string): Promise<Row[]> {
  const query = rowsOf('fleet_alarms')
    .leftJoin('fleet_miners as m', (join) =>
      join.on('m.tenant_id', 'fleet_alarms.tenant_id').on('m.id', 'fleet_alarms.miner_id')
    )
    .leftJoin('fleet_collectors as o', (join) =>
      join.on('o.tenant_id', 'fleet_alarms.tenant_id').on('o.id', 'fleet_alarms.collector_id')
    )
    .leftJoin('fleet_meters as d', (join) =>
      join.on('d.tenant_id', 'fleet_alarms.tenant_id').on('d.id', 'fleet_alarms.meter_id')
    )
    .whereNull('fleet_alarms.cleared_at')
    .orderBy('fleet_alarms.raised_at', 'desc')
    .limit(ALARMS)
    .select('fleet_alarms.id', 'kind', 'facts', 'raised_at', 'miner_id')
    .select('fleet_alarms.collector_id', 'fleet_alarms.meter_id', 'fleet_alarms.code')
    .select({ no: 'm.no', name: 'm.name', collector: 'o.name', device: 'd.name' })
  if (kind) query.where('kind', kind)
  return query
}

interface Place {
  name: string
  url: string
  sum: Sum
}

/** Sums by site and by zone, those with most miners first; the same site for all is left out. */
async function places(parts: readonly Part[], words: Words): Promise<Place[]> {
  const sites = new Map((await siteChoices()).map(({ value, label }) => [value, label]))
  const zones = new Map((await zoneChoices()).map(({ value, label }) => [value, label]))
  const grouped = Map.groupBy(parts, ({ site_id: site, zone_id: zone }) => `${site} ${zone ?? ''}`)
  const bySite = Map.groupBy(parts, ({ site_id: site }) => site)
  const rows: Place[] = []
  for (const [site, of] of bySite) {
    rows.push({
      name: sites.get(site) ?? words.t('fleet.overview.other_site'),
      url: `/fleet/miners?site_id=${site}`,
      sum: sumOf(of),
    })
  }
  for (const [key, of] of grouped) {
    const [, zone = ''] = key.split(' ')
    const name = zones.get(zone)
    if (name) rows.push({ name, url: `/fleet/miners?zone_id=${zone}`, sum: sumOf(of) })
  }
  return rows
}

/** Everything on the overview that changes by itself. */
export async function overviewNow(words: Words, isClient: boolean) {
  const parts = await fleetParts()
  const sum = sumOf(parts)
  return {
    live: liveAttributes('fleet.miner.view', '/fleet/now'),
    sum,
    tiles: tilesOf(sum, words),
    source: liveSource(sum.newestAt, words),
    states: STATES_SHOWN.filter((state) => sum.states[state]).map((state) => ({
      state,
      count: sum.states[state]!,
      url: `/fleet/miners?connectivity=${state}`,
    })),
    places: await places(parts, words),
    worst: await worstMiners(),
    changes: await recentChanges(),
    alarms: isClient ? null : await openAlarms(),
  }
}

/** One sentence: how the fleet is, and what needs a person. */
export function leadOf(sum: Sum, alarms: number, words: Words) {
  if (sum.miners === 0) return words.t('fleet.overview.lead_none')
  return words.t('fleet.overview.lead', {
    online: words.number(sum.states.online ?? 0)!,
    total: words.number(sum.miners)!,
    needs: (sum.states.offline ?? 0) + (sum.states.stale ?? 0) + alarms,
  })
}
