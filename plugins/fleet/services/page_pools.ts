import { current } from '#core/current'
import { BadInput, E_NOT_FOUND } from '#core/errors'
import { isId, newId } from '#core/ids'
import type { Row } from '#core/table'
import { hostOf, isTrusted } from '../domain/pool_host.js'
import plugin from '../plugin.js'
import { IS_NOW } from './miners_table.js'

/** Hostile miners could name an address each: then those that most miners name are shown. */
const MOST_ADDRESSES = 2000

const ADDRESSES = `
  select l.pool_url, count(*)::int as miners, max(l.answered_at) as newest_at,
    sum(l.hashrate_ths::float8) filter (where ${IS_NOW}) as ths
  from fleet_telemetry_live l
  where l.tenant_id = ? and l.miner_status in ('active', 'maintenance')
  group by 1 order by 2 desc limit ${MOST_ADDRESSES}`

interface AddressRow {
  pool_url: string | null
  miners: number
  ths: number | null
  newest_at: Date | null
}

export interface PoolRow {
  /** Null: these miners do not say for whom they work. */
  host: string | null
  miners: number
  ths: number | null
  addresses: number
  example: string | null
  newest_at: Date | null
  isTrusted: boolean | null
}

export const trustedPools = (): Promise<Row[]> =>
  current
    .get()
    .client.from('fleet_trusted_pools')
    .where('tenant_id', current.tenantId())
    .orderBy('host')
    .select('id', 'host', 'note') as unknown as Promise<Row[]>

/** Which pools the fleet works for now. While nobody said whom they trust, nothing is marked. */
export async function poolRows(trusted: readonly Row[]): Promise<PoolRow[]> {
  const { rows } = await current.get().client.rawQuery(ADDRESSES, [current.tenantId()])
  const hosts = trusted.map(({ host }) => host as string)
  const of = Map.groupBy(rows as AddressRow[], ({ pool_url: url }) => url && hostOf(url))
  return [...of]
    .map(([host, addresses]) => ({
      ...sumOf(host, addresses),
      isTrusted: host === null || hosts.length === 0 ? null : isTrusted(host, hosts),
    }))
    .sort((a, b) => b.miners - a.miners)
}

function sumOf(host: string | null, rows: readonly AddressRow[]) {
  const known = rows.flatMap(({ ths }) => ths ?? [])
  const times = rows.flatMap(({ newest_at: at }) => at?.getTime() ?? [])
  return {
    host,
    miners: rows.reduce((sum, { miners }) => sum + miners, 0),
    ths: known.length > 0 ? known.reduce((sum, ths) => sum + ths, 0) : null,
    addresses: rows.length,
    example: rows[0]!.pool_url,
    newest_at: times.length > 0 ? new Date(Math.max(...times)) : null,
  }
}

const refuse = (key: string) => new BadInput([{ field: 'host', key }])

/** Miners may work for this host. */
export async function trustPool(host: string, note: string | null) {
  const id = newId()
  const [row] = await current
    .get()
    .client.table('fleet_trusted_pools')
    .insert({
      tenant_id: current.tenantId(),
      id,
      host,
      note,
      created_by: current.get().userId,
    })
    .onConflict(['tenant_id', 'host'])
    .ignore()
    .returning('id')
  if (!row) throw refuse('fleet.fault.pool_twice')
  await plugin.track({ id, type: 'fleet_trusted_pools' }, 'pool.trusted', { host })
}

/** Miners that work for this host are marked from now on. */
export async function distrustPool(id: unknown): Promise<string> {
  if (!isId(id)) throw new E_NOT_FOUND()
  const [row] = await current
    .get()
    .client.from('fleet_trusted_pools')
    .where({ tenant_id: current.tenantId(), id })
    .delete()
    .returning(['host'])
  if (!row) throw new E_NOT_FOUND()
  await plugin.track({ id, type: 'fleet_trusted_pools' }, 'pool.distrusted', { host: row.host })
  return row.host
}
