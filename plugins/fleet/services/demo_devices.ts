import { current } from '#core/current'
import { newId } from '#core/ids'
import type { DemoDevice } from '#edge/protocol/demo'
import { DEMO_HALLS, type Hall } from './demo_halls.js'
import { takeNumber } from './meters.js'

interface Into {
  siteId: string
  collectorId: string
  /** Where the simulated devices listen. */
  port: number
}

/** A device of the portal that is a unit of a simulated one. */
interface Unit {
  unit: number
  map: string
  name: string
  measures: 'site' | 'zone' | 'container' | 'room' | 'feed'
  /** Of the racks of the hall, the one that a PDU feeds. */
  rack?: number
}

/** The meter of the only hall of a site is that of the site. */
const meterOf = ({ siteCode }: Hall): readonly Unit[] => {
  const isOnly = DEMO_HALLS.filter((one) => one.siteCode === siteCode).length === 1
  return [{ unit: 1, map: 'abb_eq', name: 'feeder', measures: isOnly ? 'site' : 'zone' }]
}

/** Twenty machines at each PDU. */
const CONTAINER: readonly Unit[] = [
  { unit: 1, map: 'microbt_cdu_kehua', name: 'cooling', measures: 'container' },
  { unit: 2, map: 'microbt_room_kehua', name: 'room', measures: 'room' },
  { unit: 3, map: 'microbt_env', name: 'smoke and water', measures: 'room' },
  { unit: 9, map: 'microbt_pdu', name: 'PDU 1', measures: 'feed', rack: 1 },
  { unit: 10, map: 'microbt_pdu', name: 'PDU 2', measures: 'feed', rack: 2 },
]

/** A power meter for the hall and, where its first row is of WhatsMiner, the container it stands in. */
export async function addDevices(hall: Hall, into: Into): Promise<DemoDevice[]> {
  const all = hall.rows.reduce((sum, { count }) => sum + count, 0)
  const [first] = hall.rows
  const base = `${hall.net}.1`
  const devices: DemoDevice[] = [
    { kind: 'abb_meter', ip: `${hall.net}.100`, base, count: all, units: [] },
  ]
  if (first?.driver === 'whatsminer_v3') {
    const { count } = first
    devices.push({ kind: 'microbt_container', ip: `${hall.net}.110`, base, count, units: [] })
  }
  for (const device of devices) {
    for (const unit of device.kind === 'abb_meter' ? meterOf(hall) : CONTAINER) {
      device.units.push({ unit: unit.unit, meter: await addUnit(hall, unit, device.ip, into) })
    }
  }
  return devices
}

async function addUnit(hall: Hall, unit: Unit, ip: string, { siteId, collectorId, port }: Into) {
  const { client } = current.get()
  const of = { tenant_id: current.tenantId(), site_id: siteId }
  const zone = await client
    .from('zones')
    .where({ ...of, code: hall.zoneCode })
    .select('id')
    .firstOrFail()
  const id = newId()
  await client.table('fleet_meters').insert({
    ...of,
    id,
    no: await takeNumber(),
    collector_id: collectorId,
    zone_id: zone.id,
    name: `${hall.zoneCode} ${unit.name}`,
    measures: unit.measures,
    rack: unit.rack ? `${hall.zoneCode}${unit.rack}` : null,
    map: unit.map,
    ip,
    port,
    unit: unit.unit,
    poll_seconds: 30,
  })
  return id
}
