import { current } from '#core/current'
import { rollUpNext } from '../../plugins/fleet/services/rollup_5min.js'
import { asSystem, type TestTenant } from '../../tests/helpers.js'
import type { StoredRow } from './checker.js'
import type { OutageStory } from './outage_story.js'

const ask = async (sql: string, values: unknown[]): Promise<Record<string, unknown>[]> =>
  (await current.get().client.rawQuery(sql, values as never[])).rows

/** Each row that the raw layer has of the tenant, miner by miner, so that it fits into memory. */
export const outageRows = (
  tenant: TestTenant,
  story: OutageStory,
  take: (miner: number, row: StoredRow) => void
): Promise<void> =>
  asSystem(tenant, async () => {
    const known = await ask('select no, miner_key from fleet_miners where tenant_id = ?', [
      tenant.id,
    ])
    const places = new Map(
      Array.from({ length: story.miners }, (_, miner) => [story.keyOf(miner), miner])
    )
    for (const { no, miner_key: key } of known) {
      const rows = await ask(
        `select extract(epoch from at) * 1000 as at, hardware_errors as tick, wattage_w as watts,
           hashrate_ths as ths from fleet_telemetry_raw where tenant_id = ? and miner_no = ?`,
        [tenant.id, no]
      )
      for (const row of rows) {
        take(places.get(String(key)) ?? Number.NaN, {
          key: String(key),
          at: Number(row.at),
          tick: Number(row.tick),
          wattageW: Number(row.watts),
          hashrateThs: Number(row.ths),
        })
      }
    }
  })

/** How many of these scans the portal knows. */
export const scansWith = (tenant: TestTenant, ids: readonly string[]): Promise<number> =>
  asSystem(tenant, async () => {
    const [row] = await ask(
      'select count(*)::int as n from fleet_scans where tenant_id = ? and id = any(?::uuid[])',
      [tenant.id, [...ids]]
    )
    return Number(row!.n)
  })

/** Readings in each five minutes of the roll-up that nothing is due of any more. */
export const fiveMinutes = (tenant: TestTenant): Promise<Map<number, number>> =>
  asSystem(tenant, async () => {
    const rows = await ask(
      `select extract(epoch from f.bucket) * 1000 as bucket, sum(f.samples)::int as n
       from fleet_telemetry_5min f where f.tenant_id = ? and not exists (
         select from fleet_rollup_due d where d.tenant_id = f.tenant_id and d.bucket = f.bucket)
       group by f.bucket`,
      [tenant.id]
    )
    return new Map(rows.map(({ bucket, n }) => [Number(bucket), Number(n)]))
  })

/** What the worker has not rolled up yet. */
export async function rollUpAll(tenant: TestTenant): Promise<void> {
  while ((await asSystem(tenant, () => rollUpNext(new Date()))) > 0);
}
