import { current } from '#core/current'
import { asSystem, type TestTenant } from '../../tests/helpers.js'
import type { StoredRow } from './checker.js'
import { type EdgeOrder, keyOf } from './edge_story.js'

const keysOf = ({ edge, miners }: EdgeOrder) =>
  Array.from({ length: miners }, (_, miner) => keyOf(edge, miner))

/** What the portal has of the miners of an edge. */
export const rowsOf = (tenant: TestTenant, order: EdgeOrder): Promise<StoredRow[]> =>
  asSystem(tenant, async () => {
    const { rows } = await current.get().client.rawQuery(
      `select m.miner_key as key, extract(epoch from r.at) * 1000 as at, r.hardware_errors as tick,
         r.wattage_w as watts, r.hashrate_ths as ths
       from fleet_telemetry_raw r join fleet_miners m on m.tenant_id = r.tenant_id and m.no = r.miner_no
       where r.tenant_id = ? and m.miner_key = any(?::text[])`,
      [tenant.id, keysOf(order)]
    )
    return rows.map((row: Record<string, unknown>) => ({
      key: String(row.key),
      at: Number(row.at),
      tick: Number(row.tick),
      wattageW: Number(row.watts),
      hashrateThs: Number(row.ths),
    }))
  })

/** Sums that the database makes itself: of the raw layer, and of five minutes. */
export const rolledUp = (tenant: TestTenant, orders: readonly EdgeOrder[]) =>
  asSystem(tenant, async () => {
    const keys = orders.flatMap(keysOf)
    const of = `from fleet_miners m join %t r on m.tenant_id = r.tenant_id and m.no = r.miner_no
      where r.tenant_id = ? and m.miner_key = any(?::text[])`
    const ask = async (what: string, table: string) => {
      const sql = `select ${what} ${of.replace('%t', table)}`
      return (await current.get().client.rawQuery(sql, [tenant.id, keys])).rows[0]
    }
    const raw = await ask(
      'count(*) as n, sum(r.wattage_w::numeric) as watts, sum(r.hashrate_ths::numeric) as ths',
      'fleet_telemetry_raw'
    )
    const five = await ask('sum(r.samples) as n, sum(r.energy_wh) as wh', 'fleet_telemetry_5min')
    return {
      raw: { samples: Number(raw.n), wattsSum: Number(raw.watts), thsSum: Number(raw.ths) },
      samples: Number(five.n),
      energyWh: Number(five.wh),
    }
  })
