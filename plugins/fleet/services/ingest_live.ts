import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import { type Connectivity, connectivityOf } from '../domain/connectivity.js'
import { recordChanges } from './connectivity_history.js'
import type { Caller } from './collector_auth.js'
import { type GoodSample, newestOfEach } from './ingest_check.js'
import { columnsOf, SAMPLE_COLUMNS, timeArray } from './ingest_raw.js'

interface LiveRow {
  miner_no: number
  at: Date
  answered_at: Date | null
  connectivity: Connectivity
  connectivity_since: Date
}

interface Fresh extends GoodSample {
  answeredAt: number | null
  connectivity: Connectivity
  since: number
  was: Connectivity | null
}

const NAMES = SAMPLE_COLUMNS.map(([name]) => name)
const SET = ['at', 'answered_at', ...NAMES, 'connectivity', 'connectivity_since']
  .map((name) => `${name} = excluded.${name}`)
  .join(', ')

/** What the miner's row of now becomes; an older sample that comes late changes nothing. */
const UPSERT = `
  insert into fleet_telemetry_live as l (tenant_id, site_id, miner_no, customer_id, at, answered_at,
    connectivity, connectivity_since, ${NAMES.join(', ')})
  select ?::uuid, ?::uuid, * from unnest(?::integer[], ?::uuid[], ?::timestamptz[], ?::timestamptz[],
    ?::text[], ?::timestamptz[], ${SAMPLE_COLUMNS.map(([, type]) => `?::${type}[]`).join(', ')})
  on conflict (tenant_id, miner_no) do update set ${SET} where excluded.at > l.at`

const ANSWERED = new Set(['ok', 'partial'])

/** Brings the live layer up to these samples: the newest of each miner counts. */
export async function updateLive(caller: Caller, rows: readonly GoodSample[], now: number) {
  const newest = newestOfEach(rows)
  if (newest.length === 0) return
  const before = await rowsBefore(caller.tenantId, newest)
  const fresh = newest
    .filter(({ miner, at }) => at > (before.get(miner.no)?.at.getTime() ?? -Infinity))
    .map((one) => freshOf(one, before.get(one.miner.no), { caller, now }))
  if (fresh.length === 0) return
  await current
    .get()
    .client.rawQuery(UPSERT, [
      caller.tenantId,
      caller.siteId,
      plainArray(fresh.map(({ miner }) => miner.no)),
      textArray(fresh.map(({ miner }) => miner.customerId)),
      timeArray(fresh.map(({ at }) => at)),
      textArray(
        fresh.map(({ answeredAt: at }) => (at === null ? null : new Date(at).toISOString()))
      ),
      textArray(fresh.map(({ connectivity }) => connectivity)),
      timeArray(fresh.map(({ since }) => since)),
      ...columnsOf(fresh),
    ])
  await recordChanges(
    caller.tenantId,
    fresh
      .filter(({ was, connectivity }) => was !== connectivity)
      .map(({ miner, since, was, connectivity }) => ({
        minerNo: miner.no,
        at: since,
        was,
        became: connectivity,
      }))
  )
}

async function rowsBefore(tenantId: string, rows: readonly GoodSample[]) {
  const { rows: found } = await current.get().client.rawQuery(
    `select miner_no, at, answered_at, connectivity, connectivity_since from fleet_telemetry_live
     where tenant_id = ? and miner_no = any(?::integer[]) order by miner_no for update`,
    [tenantId, plainArray(rows.map(({ miner }) => miner.no))]
  )
  return new Map((found as LiveRow[]).map((row) => [row.miner_no, row]))
}

/** A sample with what follows from it for "is it online?". */
function freshOf(
  row: GoodSample,
  before: LiveRow | undefined,
  { caller, now }: { caller: Caller; now: number }
): Fresh {
  const { sample, at, miner } = row
  const answeredAt = ANSWERED.has(sample.outcome) ? at : (before?.answered_at?.getTime() ?? null)
  const connectivity = connectivityOf({
    now,
    answeredAt,
    state: sample.state,
    intervalMs: caller.pollSeconds * 1000,
    // It is sending right now.
    collectorSeenAt: now,
    isMaintenance: miner.isMaintenance,
  })
  const was = before?.connectivity ?? null
  const since = was === connectivity ? before!.connectivity_since.getTime() : Math.min(at, now)
  return { ...row, answeredAt, connectivity, since, was }
}
