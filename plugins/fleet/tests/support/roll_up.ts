import { textArray } from '#core/bulk'
import { current } from '#core/current'
import { asSystem } from '#tests/helpers'
import { rollUpNext } from '../../services/rollup_5min.js'
import { rollUpDay } from '../../services/rollup_days.js'
import type { TestFleet } from './fleet_rows.js'

export const BUCKET = 300_000

/** Marks these five minutes of the fleet's collector as ingest does. */
export const markDue = (fleet: TestFleet, buckets: readonly number[]) =>
  asSystem(fleet.tenant, () =>
    current.get().client.rawQuery(
      `insert into fleet_rollup_due (tenant_id, bucket, collector_id)
       select ?::uuid, bucket, ?::uuid from unnest(?::timestamptz[]) as bucket
       on conflict (tenant_id, bucket, collector_id) do update set marked_at = now()`,
      [
        fleet.tenant.id,
        fleet.collectorId,
        textArray(buckets.map((bucket) => new Date(bucket).toISOString())),
      ]
    )
  )

/** Rolls up all that is due, and gives how many five minutes that were. */
export async function rollUpAll({ tenant }: TestFleet, now = new Date()): Promise<number> {
  const count = await asSystem(tenant, () => rollUpNext(now))
  return count === 0 ? 0 : count + (await rollUpAll({ tenant } as TestFleet, now))
}

/** Makes all days that are due, and gives how many. */
export async function rollUpDays({ tenant }: TestFleet): Promise<number> {
  const isDone = await asSystem(tenant, () => rollUpDay())
  return isDone ? 1 + (await rollUpDays({ tenant } as TestFleet)) : 0
}
