import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import type { Row } from '#core/table'
import { type Episode, followAlarms, type Heard } from '../domain/alarm_episodes.js'
import plugin from '../plugin.js'
import { clearAlarms, raiseAlarm } from './alarms.js'
import type { GoodReading } from './meter_ingest.js'
import { timeArray } from './ingest_raw.js'

/** The kind of alarm that a device tells of itself; its code says what it is. */
const KIND = 'device'

type Device = Pick<Row, 'id' | 'no' | 'name' | 'site_id' | 'site'>

/**
 * Begins and ends alarms of devices by what they said since their newest reading, which is therefore
 * still the one before these. Older readings are history: they raise nothing.
 */
export async function hearAlarms(readings: readonly GoodReading[]) {
  const heard = readings.filter(({ sample }) => Array.isArray(sample.alarms))
  if (heard.length === 0) return
  const byMeter = Map.groupBy(heard, ({ no }) => no)
  const devices = await devicesWith([...byMeter.keys()])
  const open = Map.groupBy(await openEpisodes([...byMeter.keys()]), ({ meter_no: no }) => no)
  for (const device of devices) {
    const news = byMeter
      .get(device.no)!
      .filter(({ at }) => at > device.newest)
      .map(({ at, sample: { alarms = null, outcome } }): Heard => {
        return { at, alarms, isWhole: outcome === 'ok' }
      })
      .sort((a, b) => a.at - b.at)
    const before = (open.get(device.no) ?? []).map(episodeOf)
    await carryOn(device, before, followAlarms(before, news))
  }
}

/** It is read no more, or as something else: nobody will say that these are over. */
export async function dropAlarms(meter: { id: string; no: number }, now = new Date()) {
  await current
    .get()
    .client.from('fleet_meter_alarms')
    .where({ tenant_id: current.tenantId(), meter_no: meter.no })
    .whereNull('ended_at')
    .update({ ended_at: now })
  await clearAlarms({ kind: KIND, meter_id: meter.id })
}

/** The newest alarms of a device, those that go on first. */
export const alarmsOf = (meterNo: number, most: number): Promise<Row[]> =>
  current
    .get()
    .client.from('fleet_meter_alarms')
    .where({ tenant_id: current.tenantId(), meter_no: meterNo })
    .orderByRaw('ended_at is not null, began_at desc')
    .limit(most)
    .select('code', 'began_at', 'ended_at') as unknown as Promise<Row[]>

async function devicesWith(nos: readonly number[]): Promise<(Device & { newest: number })[]> {
  const { rows } = await current.get().client.rawQuery(
    `select m.id, m.no, m.name, m.site_id, s.name as site,
       coalesce(extract(epoch from l.at)::float8 * 1000, 0) as newest
     from fleet_meters m join sites s on s.tenant_id = m.tenant_id and s.id = m.site_id
     left join fleet_meter_live l on l.tenant_id = m.tenant_id and l.meter_no = m.no
     where m.tenant_id = ? and m.no = any(?::integer[]) and m.removed_at is null order by m.no`,
    [current.tenantId(), plainArray(nos)]
  )
  return rows
}

async function openEpisodes(nos: readonly number[]): Promise<Row[]> {
  const { rows } = await current.get().client.rawQuery(
    `select meter_no, code, began_at, quiet_at from fleet_meter_alarms
     where tenant_id = ? and meter_no = any(?::integer[]) and ended_at is null`,
    [current.tenantId(), plainArray(nos)]
  )
  return rows
}

const episodeOf = ({ code, began_at: began, quiet_at: quiet }: Row): Episode => ({
  code,
  beganAt: began.getTime(),
  quietAt: quiet?.getTime() ?? null,
  endedAt: null,
})

async function carryOn(device: Device, before: readonly Episode[], after: readonly Episode[]) {
  const known = new Map(before.map((one) => [keyOf(one), one]))
  const changed = after.filter((one) => {
    const was = known.get(keyOf(one))
    return !was || was.quietAt !== one.quietAt || one.endedAt !== null
  })
  if (changed.length === 0) return
  await keep(device.no, changed)
  for (const one of changed) {
    if (!known.has(keyOf(one))) await begin(device, one)
    if (one.endedAt !== null) await end(device, one)
  }
}

const keyOf = ({ code, beganAt }: Episode) => `${code} ${beganAt}`

const keep = (no: number, episodes: readonly Episode[]) =>
  current.get().client.rawQuery(
    `insert into fleet_meter_alarms (tenant_id, meter_no, code, began_at, quiet_at, ended_at)
     select ?::uuid, ?::integer, * from unnest(?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
     on conflict (tenant_id, meter_no, code, began_at)
       do update set quiet_at = excluded.quiet_at, ended_at = excluded.ended_at`,
    [
      current.tenantId(),
      no,
      textArray(episodes.map(({ code }) => code)),
      timeArray(episodes.map(({ beganAt }) => beganAt)),
      textArray(episodes.map(({ quietAt }) => when(quietAt))),
      textArray(episodes.map(({ endedAt }) => when(endedAt))),
    ]
  )

const when = (time: number | null) => (time === null ? null : new Date(time).toISOString())

async function begin({ id, name, site, site_id: siteId }: Device, { code }: Episode) {
  await plugin.track({ id, type: 'fleet_meters' }, 'meter.warned', { name, site, code })
  await raiseAlarm({ siteId, kind: KIND, meterId: id, code, facts: { device: name, code } })
}

async function end({ id, name, site }: Device, { code }: Episode) {
  await plugin.track({ id, type: 'fleet_meters' }, 'meter.recovered', { name, site, code })
  await clearAlarms({ kind: KIND, meter_id: id, code })
}
