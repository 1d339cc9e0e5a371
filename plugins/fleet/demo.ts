import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { current } from '#core/current'
import { theHost } from '#core/host'
import { newId } from '#core/ids'
import { DEMO_FILE, type DemoFleet, type DemoSite } from '#edge/protocol/demo'
import { rawPublicKey } from '#edge/protocol/signing'
import { configKeyOf } from './services/config_keys.js'
import { addDevices } from './services/demo_devices.js'
import { addHall, DEMO_HALLS } from './services/demo_halls.js'

/** Not those that a real miner or a test would take. */
const PORTS = { rpc: 24_028, http: 24_080, v3: 24_433, modbus: 24_502 }
const SEED = 2026
/** What the pages show of the time before. */
const PAST_MS = 12 * 3_600_000

interface SiteRow {
  id: string
  code: string
  name: string
  time_zone: string
}

/**
 * Two sites with a collector each and 200 miners in their racks. The machines are simulated, the
 * way from them to the pages is not: their own protocols, the collector, signed batches. Each hall has
 * a power meter, one is a cooling container with PDUs.
 */
export default async function fillFleet() {
  const sites: SiteRow[] = await current
    .get()
    .client.from('sites')
    .where('tenant_id', current.tenantId())
    .orderBy('code')
  const fleet: DemoFleet = { seed: SEED, startAt: Date.now() - PAST_MS, ports: PORTS, sites: [] }
  for (const site of sites) {
    if (DEMO_HALLS.some(({ siteCode }) => siteCode === site.code)) {
      fleet.sites.push(await fillSite(site))
    }
  }
  const file = join(theHost().home(), DEMO_FILE)
  await writeFile(file, JSON.stringify(fleet, null, 2), { mode: 0o600 })
}

async function fillSite(site: SiteRow): Promise<DemoSite> {
  const tenantId = current.tenantId()
  const { privateKey } = generateKeyPairSync('ed25519')
  const collectorId = newId()
  const name = `${site.name} demo`
  await current
    .get()
    .client.table('fleet_collectors')
    .insert({
      tenant_id: tenantId,
      id: collectorId,
      site_id: site.id,
      name,
      public_key: rawPublicKey(privateKey),
      poll_seconds: 15,
    })
  const { modbus, ...ports } = PORTS
  const groups: DemoSite['groups'] = []
  const devices: NonNullable<DemoSite['devices']> = []
  for (const hall of DEMO_HALLS.filter(({ siteCode }) => siteCode === site.code)) {
    groups.push(...(await addHall(hall, { siteId: site.id, collectorId, ports })))
    devices.push(...(await addDevices(hall, { siteId: site.id, collectorId, port: modbus })))
  }
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    membership: {
      collectorId,
      name,
      site: { id: site.id, name: site.name, timeZone: site.time_zone },
      configKey: rawPublicKey(await configKeyOf(tenantId)),
    },
    groups,
    devices,
  }
}
