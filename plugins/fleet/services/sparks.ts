import { plainArray } from '#core/bulk'
import { current } from '#core/current'
import type { Row } from '#core/table'

const STEP_MS = 1_800_000
/** A day in half hours. */
export const SPARK_STEPS = 48

const SPARKS = `
  select miner_no as no, date_bin('30 minutes', bucket, 'epoch') as at,
    avg(hashrate_avg_ths)::float8 as ths
  from fleet_telemetry_5min
  where tenant_id = ? and miner_no = any(?::integer[]) and bucket >= ? and bucket < ?
  group by 1, 2`

/**
 * The hashrate of these miners over the last day in half hours, by number; null: not known then.
 * One question for all of them.
 */
export async function sparksOf(nos: readonly number[], now = Date.now()) {
  const sparks = new Map<number, (number | null)[]>()
  if (nos.length === 0) return sparks
  const to = Math.floor(now / STEP_MS) * STEP_MS + STEP_MS
  const from = to - SPARK_STEPS * STEP_MS
  const { rows } = await current
    .get()
    .client.rawQuery(SPARKS, [current.tenantId(), plainArray(nos), new Date(from), new Date(to)])
  for (const { no, at, ths } of rows as { no: number; at: Date; ths: number | null }[]) {
    const line = sparks.get(no) ?? Array<number | null>(SPARK_STEPS).fill(null)
    line[(at.getTime() - from) / STEP_MS] = ths
    sparks.set(no, line)
  }
  return sparks
}

/** These rows of miners, each with its line. */
export async function withSparks(rows: readonly Row[]): Promise<Row[]> {
  const sparks = await sparksOf(rows.map(({ no }) => no))
  return rows.map((row) => ({ ...row, spark: sparks.get(row.no) ?? [] }))
}
