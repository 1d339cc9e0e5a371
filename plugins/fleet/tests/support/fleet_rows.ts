import { generateKeyPairSync } from 'node:crypto'
import { current } from '#core/current'
import { newId } from '#core/ids'
import { rawPublicKey } from '#edge/protocol/signing'
import { asSystem, makeSite, makeTenant, type TestTenant, unique } from '#tests/helpers'

type Values = Record<string, unknown>

const insert = async (table: string, values: Values) => {
  const row = { tenant_id: current.tenantId(), ...values }
  await current.get().client.table(table).insert(row)
  return row
}

/** Inside `current.run`: a zone of a site. */
export async function makeZone(siteId: string, name = unique('Zone')) {
  const id = newId()
  await insert('zones', { id, site_id: siteId, code: unique('Z').slice(0, 24), name })
  return id
}

/** Inside `current.run`: a collector that has just said that it lives. */
export async function makeCollector(siteId: string, more: Values = {}) {
  const id = newId()
  await insert('fleet_collectors', {
    id,
    site_id: siteId,
    name: unique('Collector'),
    public_key: rawPublicKey(generateKeyPairSync('ed25519').publicKey),
    hostname: 'box',
    version: '0.1.0',
    seen_at: new Date(),
    offset_ms: 120,
    miners_known: 3,
    miners_answering: 2,
    rss_bytes: 90 * 1024 * 1024,
    round_ms: 2500,
    ...more,
  })
  return id
}

interface MinerGiven extends Values {
  no: number
  site_id: string
  collector_id: string
}

/** Inside `current.run`: a miner; its key follows from its number. */
export async function makeMiner(given: MinerGiven) {
  const { no } = given
  const id = newId()
  const hex = no.toString(16).padStart(6, '0').toUpperCase()
  const mac = `02:00:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`
  await insert('fleet_miners', {
    id,
    miner_key: `mac:${mac}`,
    mac,
    ip: `10.${Math.floor(no / 62_500)}.${Math.floor(no / 250) % 250}.${(no % 250) + 1}`,
    driver: 'antminer',
    evidence: 'recorded',
    make: 'Antminer',
    model: 'S19 Pro',
    firmware_family: 'stock',
    ...given,
  })
  return id
}

/** Inside `current.run`: what the miner with this number does now. */
export const makeLive = (no: number, siteId: string, more: Values = {}) =>
  insert('fleet_telemetry_live', {
    miner_no: no,
    site_id: siteId,
    at: new Date(),
    answered_at: new Date(),
    outcome: 0,
    state: 0,
    poll_ms: 100,
    is_mining: true,
    hashrate_ths: 110,
    expected_hashrate_ths: 110,
    wattage_w: 3250,
    wattage_source: 0,
    temp_max_c: 71.5,
    fan_min_rpm: 5400,
    fan_max_rpm: 5600,
    connectivity: 'online',
    connectivity_since: new Date(Date.now() - 600_000),
    pool_url: 'stratum+tcp://btc.pool.example:3333',
    pool_user: 'farm.1',
    ...more,
  })

/** Inside `current.run`: a machine that a scan found. */
export async function makeFound(siteId: string, collectorId: string, more: Values = {}) {
  const id = newId()
  await insert('fleet_found', {
    id,
    site_id: siteId,
    collector_id: collectorId,
    scan_id: newId(),
    miner_key: `mac:${unique('F')}`,
    ip: '10.0.0.9',
    driver: 'antminer',
    evidence: 'recorded',
    make: 'Antminer',
    model: 'S21',
    state: 'new',
    ...more,
  })
  return id
}

/** Inside `current.run`: something that nobody has looked at. */
export async function makeAlarm(siteId: string, more: Values = {}) {
  const id = newId()
  await insert('fleet_alarms', { id, site_id: siteId, kind: 'pool_changed', ...more })
  return id
}

export const makeChange = (no: number, was: string | null, became: string, at = new Date()) =>
  insert('fleet_connectivity_changes', { miner_no: no, at, was, became })

export interface TestFleet {
  tenant: TestTenant
  siteId: string
  zoneId: string
  collectorId: string
  /** By number, from 1. */
  miners: string[]
}

/** A tenant with one site, one zone, one collector and so many healthy miners. */
export async function makeFleet(count = 3, tenant?: TestTenant): Promise<TestFleet> {
  const owner = tenant ?? (await makeTenant())
  return asSystem(owner, async () => {
    const siteId = await makeSite()
    const zoneId = await makeZone(siteId)
    const collectorId = await makeCollector(siteId)
    const miners: string[] = []
    for (let no = 1; no <= count; no += 1) {
      miners.push(await makeMiner({ no, site_id: siteId, collector_id: collectorId }))
      await makeLive(no, siteId)
    }
    return { tenant: owner, siteId, zoneId, collectorId, miners }
  })
}

/** Rows of a table as the portal sees them in this tenant. */
export const rowsIn = (tenant: TestTenant, table: string, where: Values = {}): Promise<any[]> =>
  asSystem(tenant, async () =>
    current
      .get()
      .client.from(table)
      .where({ tenant_id: tenant.id, ...where } as Record<string, string>)
  )

/** Puts a miner of the tenant in force into a rack. */
export const placeMiner = (no: number, zone_id: string, rack: string) =>
  current
    .get()
    .client.from('fleet_miners')
    .where({ no })
    .update({ zone_id, rack, shelf: 1, position: 1 })
