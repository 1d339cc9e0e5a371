import { current } from '#core/current'
import type { Row } from '#core/table'
import { METER_FIELDS, METER_OUTCOMES, type MeterField } from '#edge/protocol/meters'
import { dayStart } from '../domain/site_day.js'
import { type DeviceSays, saysOf } from './device_says.js'
import { energySince } from './meter_history.js'
import { fleetParts, type Sum, sumOf } from './page_sums.js'

/** A device with what it said last, as pages and programs read it. */
export interface MeterNow extends DeviceSays {
  id: string
  no: number
  name: string
  measures: string
  siteId: string
  siteName: string
  zone: string | null
  zoneId: string | null
  rack: string | null
  collector: string
  ip: string
  port: number
  unit: number
  map: string
  pollSeconds: number
  at: Date | null
  answeredAt: Date | null
  outcome: string | null
  trouble: string | null
  /** Too old to be called now, or never heard of. */
  isOld: boolean
  values: Record<MeterField, number | null>
  /** What it warned of in its newest reading; null: it was not heard, or has none. */
  alarms: string[] | null
  /** Since midnight by the clocks of the site, and up to when. */
  todayWh: number | null
  todayUntil: Date | null
}

/** Older than three polls, and at least two minutes, is not now. */
const oldAfterMs = (pollSeconds: number) => Math.max(120, 3 * pollSeconds) * 1000

const LIVE = METER_FIELDS.map((field) => `l.${field}`).join(', ')

const SQL = `
  select m.id, m.no, m.name, m.measures, m.site_id, m.ip, m.port, m.unit, m.map, m.registers, m.poll_seconds,
    m.zone_id, m.rack,
    s.name as site, s.time_zone, z.name as zone, c.name as collector,
    l.at, l.answered_at, l.outcome, l.trouble, l.alarms, ${LIVE}
  from fleet_meters m
  join sites s on s.tenant_id = m.tenant_id and s.id = m.site_id
  join fleet_collectors c on c.tenant_id = m.tenant_id and c.id = m.collector_id
  left join zones z on z.tenant_id = m.tenant_id and z.id = m.zone_id
  left join fleet_meter_live l on l.tenant_id = m.tenant_id and l.meter_no = m.no
  where m.tenant_id = ? and m.removed_at is null
    and (? = '' or m.id::text = ?) and (? = '' or m.site_id::text = ?)
  order by s.name, m.measures <> 'site', m.name`

interface Asked {
  id?: string
  siteId?: string
  now?: Date
}

/** The devices that the person sees; of one site or one of them when it is asked for. */
export async function metersNow({ id = '', siteId = '', now = new Date() }: Asked = {}): Promise<
  MeterNow[]
> {
  const { rows } = await current
    .get()
    .client.rawQuery(SQL, [current.tenantId(), id, id, siteId, siteId])
  const today = await energyToday(rows, now)
  return rows.map((row: Row) => ({
    ...saysOf(row.map, row.registers),
    id: row.id,
    no: row.no,
    name: row.name,
    measures: row.measures,
    siteId: row.site_id,
    siteName: row.site,
    zone: row.zone,
    zoneId: row.zone_id,
    rack: row.rack,
    collector: row.collector,
    ip: row.ip,
    port: row.port,
    unit: row.unit,
    map: row.map,
    pollSeconds: row.poll_seconds,
    at: row.at,
    answeredAt: row.answered_at,
    outcome: row.outcome === null ? null : METER_OUTCOMES[row.outcome]!,
    trouble: row.trouble,
    isOld:
      !row.answered_at || now.getTime() - row.answered_at.getTime() > oldAfterMs(row.poll_seconds),
    values: valuesOf(row),
    alarms: row.alarms,
    todayWh: today.get(row.no)?.wh ?? null,
    todayUntil: today.get(row.no)?.until ?? null,
  }))
}

const valuesOf = (row: Row) =>
  Object.fromEntries(
    METER_FIELDS.map((field) => [field, row[field] === null ? null : Number(row[field])])
  ) as Record<MeterField, number | null>

async function energyToday(rows: readonly Row[], now: Date) {
  const energies = new Map<number, { wh: number | null; until: Date }>()
  for (const [zone, of] of Map.groupBy(rows, (row) => row.time_zone as string)) {
    const from = new Date(dayStart(dayIn(zone, now), zone))
    const found = await energySince(
      of.map(({ no }) => no),
      from
    )
    for (const [no, energy] of found) energies.set(no, energy)
  }
  return energies
}

const dayIn = (timeZone: string, now: Date) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now)

/** What the meters of a whole site say beside the sum of its miners. */
export interface SiteBalance {
  meteredW: number | null
  minersW: number | null
  /** Metered without the miners: fans, pumps, losses, and miners that say nothing. */
  unaccountedW: number | null
  unaccountedPct: number | null
  /** Miners that answer and do not say their power. */
  silentMiners: number
  metersAt: Date | null
}

/** Null parts: a meter of the site is silent, or no miner says its power. Nothing is guessed. */
export function balanceOf(meters: readonly MeterNow[], miners: Sum): SiteBalance {
  const whole = meters.filter(({ measures }) => measures === 'site')
  const said = whole.flatMap(({ isOld, values }) => (isOld ? [] : (values.power_w ?? [])))
  const isAll = whole.length > 0 && said.length === whole.length
  const meteredW = isAll ? said.reduce((sum, one) => sum + one, 0) : null
  const unaccountedW = meteredW === null || miners.watts === null ? null : meteredW - miners.watts
  const times = whole.flatMap(({ answeredAt }) => answeredAt?.getTime() ?? [])
  return {
    meteredW,
    minersW: miners.watts,
    unaccountedW,
    unaccountedPct: unaccountedW === null || !meteredW ? null : (100 * unaccountedW) / meteredW,
    silentMiners: miners.wattsSilent,
    metersAt: times.length > 0 ? new Date(Math.min(...times)) : null,
  }
}

/** Devices by site, each site with its balance. */
export async function meterSites(now = new Date()) {
  const bySite = Map.groupBy(await metersNow({ now }), ({ siteId }) => siteId)
  const parts = await fleetParts()
  return [...bySite].map(([siteId, meters]) => ({
    siteId,
    name: meters[0]!.siteName,
    meters,
    balance: balanceOf(meters, sumOf(parts.filter(({ site_id: of }) => of === siteId))),
  }))
}
