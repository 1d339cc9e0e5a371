import { current } from '#core/current'
import Collector from '../models/collector.js'
import plugin from '../plugin.js'

interface Change {
  site_id: string
  collector_id: string
}

/** How many wait, by state, over all that the person sees. */
export async function foundCounts(): Promise<Record<string, number>> {
  const rows = await current
    .get()
    .client.from('fleet_found')
    .where('tenant_id', current.tenantId())
    .groupBy('state')
    .select('state')
    .count('* as count')
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]))
}

const chosen = (ids: readonly string[]) =>
  current
    .get()
    .client.from('fleet_found')
    .where('tenant_id', current.tenantId())
    .whereIn('id', [...ids])

/** Those of these that can become ours: what is gone is ours already, and so is a twin of ours. */
export async function acceptable(ids: readonly string[]): Promise<string[]> {
  const rows = await chosen(ids)
    .where((query) =>
      query
        .whereIn('state', ['new', 'moved', 'unknown'])
        .orWhere((twin) => twin.where('state', 'duplicate').whereNull('miner_id'))
    )
    .select('id')
  return rows.map(({ id }) => id)
}

/** Leaves these machines alone: not read, not counted, not offered again. Gives how many. */
export async function ignoreFound(ids: readonly string[]): Promise<number> {
  const rows = await chosen(ids)
    .whereNotIn('state', ['accepted', 'ignored'])
    .update({ state: 'ignored' })
    .returning(['site_id', 'collector_id'])
  await tell('found.ignored', rows)
  return rows.length
}

/** Offers ignored machines for review again. Gives how many. */
export async function reconsiderFound(ids: readonly string[]): Promise<number> {
  const rows = await chosen(ids)
    .where('state', 'ignored')
    .whereNotExists((query) =>
      query
        .from('fleet_miners as m')
        .whereColumn('m.tenant_id', 'fleet_found.tenant_id')
        .whereColumn('m.site_id', 'fleet_found.site_id')
        .whereColumn('m.miner_key', 'fleet_found.miner_key')
        .where('m.status', 'retired')
    )
    .update({ state: 'new', miner_id: null })
    .returning(['site_id', 'collector_id'])
  await tell('found.reconsidered', rows)
  return rows.length
}

/** Collectors hear of it with their next config, the log says it for each site. */
async function tell(event: 'found.ignored' | 'found.reconsidered', rows: readonly Change[]) {
  const collectors = new Set(rows.map((row) => row.collector_id))
  for (const one of collectors) await Collector.renewConfig(one)
  for (const [id, of] of Map.groupBy(rows, ({ site_id: site }) => site)) {
    const site = await current
      .get()
      .client.from('sites')
      .where({ tenant_id: current.tenantId(), id })
      .select('name')
      .first()
    await plugin.track({ id, type: 'sites' }, event, { count: of.length, site: site?.name ?? '' })
  }
}

/** What a scan changed, in words: "3 gone, 12 new". */
export function changesText(
  changes: Record<string, number> | null,
  t: (key: string, args?: Record<string, string | number>) => string
) {
  const parts = Object.entries(changes ?? {})
    .filter(([state, count]) => state !== 'accepted' && typeof count === 'number' && count > 0)
    .map(([state, count]) => t(`fleet.scan.${state}`, { count }))
  return parts.length > 0 ? parts.join(t('fleet.comma')) : t('fleet.scan.none')
}
