import { current } from '#core/current'
import { newId } from '#core/ids'
import { type DemoGroup, simulatedMac } from '#edge/protocol/demo'
import { takeNumbers } from './accept.js'

/** A row of alike machines in a hall of the demo. */
export interface DemoRow {
  /** Of the simulator's catalogue. */
  model: string
  driver: string
  /** How sure the driver is of real machines; the same as it says itself. */
  evidence: 'recorded' | 'constructed'
  count: number
}

export interface Hall {
  siteCode: string
  zoneCode: string
  /** Whose machines these are; null: the site's own. */
  customerCode: string | null
  /** The machines stand at .1 and what follows. */
  net: string
  rows: readonly DemoRow[]
}

/** What stands where: 120 machines in the north, 80 by the river. */
export const DEMO_HALLS: readonly Hall[] = [
  {
    siteCode: 'NORTH',
    zoneCode: 'A',
    customerCode: 'BLUE',
    net: '127.24.1',
    rows: [
      { model: 'Antminer S21', driver: 'antminer', evidence: 'recorded', count: 40 },
      { model: 'Antminer S19 XP', driver: 'antminer', evidence: 'recorded', count: 20 },
    ],
  },
  {
    siteCode: 'NORTH',
    zoneCode: 'B',
    customerCode: null,
    net: '127.24.2',
    rows: [
      { model: 'M60S_VK30', driver: 'whatsminer_v3', evidence: 'recorded', count: 40 },
      { model: 'A1566', driver: 'avalon', evidence: 'recorded', count: 20 },
    ],
  },
  {
    siteCode: 'RIVER',
    zoneCode: 'C1',
    customerCode: 'KITE',
    net: '127.24.3',
    rows: [
      {
        model: 'Antminer S19j Pro (Braiins)',
        driver: 'braiins_rest',
        evidence: 'recorded',
        count: 30,
      },
      { model: 'Antminer S19K Pro (LuxOS)', driver: 'luxos', evidence: 'recorded', count: 30 },
      { model: 'Antminer S19j Pro (VNish)', driver: 'vnish', evidence: 'constructed', count: 20 },
    ],
  },
]

/** Racks of four shelves with five places. */
const SHELVES = 4
const PLACES = 5

interface Into {
  siteId: string
  collectorId: string
  ports: object
}

/** A hall with its range and its miners in racks; what is simulated there. */
export async function addHall(hall: Hall, { siteId, collectorId, ports }: Into) {
  const { client } = current.get()
  const of = { tenant_id: current.tenantId(), site_id: siteId, collector_id: collectorId }
  const zoneId = await idOf('zones', { site_id: siteId, code: hall.zoneCode })
  const code = hall.customerCode
  const customerId = code ? await idOf('customers', { code }) : null
  await client.table('fleet_ranges').insert({
    ...of,
    id: newId(),
    zone_id: zoneId,
    addresses: `${hall.net}.0/25`,
    ports: JSON.stringify(ports),
  })
  const machines = hall.rows.flatMap((row) => Array.from({ length: row.count }, () => row))
  const first = await takeNumbers(machines.length)
  const miners = machines.map(({ driver, evidence }, index) => {
    const ip = `${hall.net}.${index + 1}`
    const mac = simulatedMac(ip)
    return {
      ...of,
      id: newId(),
      no: first + index,
      zone_id: zoneId,
      customer_id: customerId,
      miner_key: `mac:${mac}`,
      ip,
      mac,
      driver,
      evidence,
      ...placeOf(hall, index),
    }
  })
  await client.table('fleet_miners').multiInsert(miners)
  return groupsOf(hall)
}

const placeOf = ({ zoneCode }: Hall, index: number) => ({
  rack: `${zoneCode}${Math.floor(index / (SHELVES * PLACES)) + 1}`,
  shelf: (Math.floor(index / PLACES) % SHELVES) + 1,
  position: (index % PLACES) + 1,
})

function groupsOf(hall: Hall): DemoGroup[] {
  let next = 1
  return hall.rows.map(({ model, count }) => {
    const base = `${hall.net}.${next}`
    next += count
    return { model, count, base, worker: `demo.${hall.siteCode}-${hall.zoneCode}`.toLowerCase() }
  })
}

async function idOf(table: 'zones' | 'customers', where: Record<string, string>) {
  const tenantId = current.tenantId()
  const query = current
    .get()
    .client.from(table)
    .where({ tenant_id: tenantId, ...where })
  return (await query.select('id').firstOrFail()).id as string
}
