import { current } from '#core/current'
import type { Caller } from './collector_auth.js'

/** A machine as ingest needs it. */
export interface KnownMiner {
  no: number
  id: string
  customerId: string | null
  isMaintenance: boolean
}

type Known = Map<string, KnownMiner | null>

interface Remembered {
  until: number
  miners: Known
}

/** How long a process believes what it knows of a site's miners. */
const TTL_MS = 10_000
const MOST_SITES = 2000

const remembered = new Map<string, Remembered>()

/**
 * The miners of the caller's site with these keys; null for a key that is no miner of ours. What
 * was asked is remembered for some seconds: a site sends the same keys twice a minute.
 */
export async function knownMiners(
  { tenantId, siteId }: Caller,
  keys: readonly string[],
  now: number
): Promise<Known> {
  const place = `${tenantId}:${siteId}`
  const held = remembered.get(place)
  const memory = held && held.until > now ? held : { until: now + TTL_MS, miners: new Map() }
  const missing = [...new Set(keys.filter((key) => !memory.miners.has(key)))]
  if (missing.length > 0) {
    for (const key of missing) memory.miners.set(key, null)
    for (const row of await rowsOf(tenantId, siteId, missing)) {
      memory.miners.set(row.miner_key, {
        no: row.no,
        id: row.id,
        customerId: row.customer_id,
        isMaintenance: row.status === 'maintenance',
      })
    }
  }
  if (remembered.size >= MOST_SITES && !held) remembered.clear()
  remembered.set(place, memory)
  return memory.miners
}

/** After miners of a site changed: this process asks again at once, others within seconds. */
export const forgetMiners = (tenantId: string, siteId: string) =>
  remembered.delete(`${tenantId}:${siteId}`)

const rowsOf = (tenantId: string, siteId: string, keys: readonly string[]) =>
  current
    .get()
    .client.from('fleet_miners')
    .where({ tenant_id: tenantId, site_id: siteId })
    .whereRaw('miner_key = any(?::text[])', [[...keys]])
    .whereNotIn('status', ['merged', 'retired'])
    // What only a list has named is read once a scan has met it.
    .whereNotNull('driver')
    .select('miner_key', 'no', 'id', 'customer_id', 'status')
