import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import type { Changes } from '#core/events'
import plugin from '../plugin.js'
import { forgetMiners } from './ingest_miners.js'
import { isZoneOf } from './page_places.js'

/** One change to many miners. */
export interface Wish {
  act: 'zone' | 'customer' | 'maintenance' | 'active' | 'retire'
  zoneId?: string | null
  customerId?: string | null
}

interface Chosen {
  id: string
  no: number
  name: string | null
  site_id: string
  zone_id: string | null
  customer_id: string | null
  collector_id: string | null
  miner_key: string
  status: string
  zone: string | null
  customer: string | null
}

/** The miners with these ids that the person sees and that count; each is locked until it changed. */
async function lockChosen(ids: readonly string[]): Promise<Chosen[]> {
  const { rows } = await current.get().client.rawQuery(
    `select m.id, m.no, m.name, m.site_id, m.zone_id, m.customer_id, m.collector_id, m.miner_key,
       m.status,
       (select z.name from zones z where z.tenant_id = m.tenant_id and z.id = m.zone_id) as zone,
       (select c.name from customers c where c.tenant_id = m.tenant_id and c.id = m.customer_id)
         as customer
     from fleet_miners m
     where m.tenant_id = ? and m.id = any(?::uuid[]) and m.status in ('active', 'maintenance')
     order by m.no for update of m`,
    [current.tenantId(), textArray(ids)]
  )
  return rows
}

/** What a wish writes, whom it passes over, and how the log says it. */
interface Plan {
  column: 'zone_id' | 'customer_id' | 'status'
  value: string | null
  isFor: (miner: Chosen) => boolean
  told: (miner: Chosen) => Changes
}

async function planOf({ act, zoneId, customerId }: Wish, miners: readonly Chosen[]): Promise<Plan> {
  if (act === 'zone') return zonePlan(zoneId ?? null, miners)
  if (act === 'customer') {
    const name = await nameOf('customers', customerId ?? null)
    return {
      column: 'customer_id',
      value: customerId ?? null,
      isFor: (miner) => miner.customer_id !== (customerId ?? null),
      told: (miner) => ({ customer: [miner.customer, name] }),
    }
  }
  const status = act === 'retire' ? 'retired' : act
  return {
    column: 'status',
    value: status,
    isFor: (miner) => miner.status !== status,
    told: (miner) => ({ status: [miner.status, status] }),
  }
}

async function zonePlan(zoneId: string | null, miners: readonly Chosen[]): Promise<Plan> {
  const name = await nameOf('zones', zoneId)
  const sites = new Set<string>()
  for (const siteId of new Set(miners.map(({ site_id: id }) => id))) {
    if (zoneId === null || (await isZoneOf(zoneId, siteId))) sites.add(siteId)
  }
  return {
    column: 'zone_id',
    value: zoneId,
    isFor: (miner) => sites.has(miner.site_id) && miner.zone_id !== zoneId,
    told: (miner) => ({ zone: [miner.zone, name] }),
  }
}

async function nameOf(table: string, id: string | null): Promise<string | null> {
  if (id === null) return null
  const of = { tenant_id: current.tenantId(), id }
  const row = await current.get().client.from(table).where(of).select('name').first()
  return row?.name ?? null
}

/**
 * One change to all of these miners, each with an event of its own, set by set and not one by one.
 * Those that it would not change, and a zone of another site, are passed over. Gives how many changed.
 */
export async function changeMany(ids: readonly string[], wish: Wish): Promise<number> {
  const chosen = await lockChosen(ids)
  const { column, value, isFor, told } = await planOf(wish, chosen)
  const miners = chosen.filter(isFor)
  if (miners.length === 0) return 0
  const { client } = current.get()
  await client.rawQuery(
    `update fleet_miners set ${column} = ?, updated_at = now()
     where tenant_id = ? and id = any(?::uuid[])`,
    [value as string, current.tenantId(), textArray(miners.map(({ id }) => id))]
  )
  if (wish.act === 'customer') await followCustomer(miners, value)
  if (wish.act === 'retire') await endAll(miners)
  forgetAll(miners)
  await plugin.trackMany(
    wish.act === 'retire' ? 'miner.retired' : 'miner.changed',
    miners.map((miner) => ({
      subject: { id: miner.id, type: 'fleet_miners' },
      facts: { no: miner.no, name: miner.name ?? '' },
      changes: told(miner),
    }))
  )
  return miners.length
}

const numbersOf = (miners: readonly Chosen[]) => plainArray(miners.map(({ no }) => no))

const followCustomer = (miners: readonly Chosen[], customerId: string | null) =>
  current.get().client.rawQuery(
    `update fleet_telemetry_live set customer_id = ?
     where tenant_id = ? and miner_no = any(?::integer[])`,
    [customerId as string, current.tenantId(), numbersOf(miners)]
  )

/** Nobody reads them any more, and no scan brings them back by itself. */
async function endAll(miners: readonly Chosen[]) {
  const { client } = current.get()
  const tenantId = current.tenantId()
  await client.rawQuery(
    'delete from fleet_telemetry_live where tenant_id = ? and miner_no = any(?::integer[])',
    [tenantId, numbersOf(miners)]
  )
  for (const [siteId, own] of Map.groupBy(miners, ({ site_id: id }) => id)) {
    await client.rawQuery(
      `update fleet_found set state = 'ignored'
       where tenant_id = ? and site_id = ? and miner_key = any(?::text[])`,
      [tenantId, siteId, textArray(own.map(({ miner_key: key }) => key))]
    )
  }
  const collectors = [...new Set(miners.flatMap(({ collector_id: id }) => id ?? []))]
  await client
    .from('fleet_collectors')
    .where('tenant_id', tenantId)
    .whereIn('id', collectors)
    .increment('config_version', 1)
}

function forgetAll(miners: readonly Chosen[]) {
  const tenantId = current.tenantId()
  const sites = new Set(miners.map(({ site_id: id }) => id))
  current.afterCommit(() => {
    for (const siteId of sites) forgetMiners(tenantId, siteId)
  })
}
