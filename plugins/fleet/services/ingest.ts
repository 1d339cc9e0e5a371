import { createHash } from 'node:crypto'
import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import { forDevice } from '#core/devices'
import { newId } from '#core/ids'
import { tellLive } from '#core/live'
import type { Batch, BatchAnswer } from '#edge/protocol/messages'
import plugin from '../plugin.js'
import { raiseAlarm } from './alarms.js'
import type { Caller } from './collector_auth.js'
import { E_SEQ_CONFLICT } from './edge_errors.js'
import { type BadSample, keysIn, sortSamples, type GoodSample } from './ingest_check.js'
import { holdMiners, keepDetails } from './ingest_details.js'
import { enter, type Entry, placeOf } from './ingest_ledger.js'
import { updateLive } from './ingest_live.js'
import { knownMiners } from './ingest_miners.js'
import { insertRaw } from './ingest_raw.js'
import { keepMeters, sortMeters } from './meter_ingest.js'
import { ensurePartitions } from './partitions.js'

const BUCKET_MS = 300_000
/** Kept of one batch for somebody to look at; the answer names all. */
const MOST_KEPT_ASIDE = 50
const MOST_TEXT = 4000
const UNSTORABLE = /\\u(0000|d[89a-f])/i

/**
 * Takes a batch in, once: whatever is sent again changes nothing and gets the same answer. Raw rows
 * are written first, by a role that may do nothing else; what makes them count (ledger, live layer,
 * roll-ups that are due) is one transaction of the tenant, and only after it the batch is
 * acknowledged.
 */
export async function takeBatch(caller: Caller, batch: Batch, now: number): Promise<BatchAnswer> {
  const entry: Entry = {
    bootId: batch.bootId,
    seq: batch.seq,
    sha256: hashOf(batch),
  }
  const take = () =>
    forDevice({ tenantId: caller.tenantId, plugin: plugin.name }, () =>
      takeOnce(caller, { batch, entry, now })
    )
  try {
    return await take().catch((error) => (isDeadlock(error) ? take() : Promise.reject(error)))
  } catch (error) {
    if (error instanceof E_SEQ_CONFLICT) await tellConflict(caller, entry)
    throw error
  }
}

/** Of what it holds; a batch without meters has the same as before there were any. */
function hashOf({ samples, meters = [] }: Batch) {
  const hash = createHash('sha256').update(JSON.stringify(samples))
  if (meters.length > 0) hash.update(JSON.stringify(meters))
  return hash.digest()
}

/** Two collectors of one site wrote of the same miners in another order. Nothing was kept. */
const isDeadlock = (error: unknown) => (error as { code?: string }).code === '40P01'

interface Given {
  batch: Batch
  entry: Entry
  now: number
}

async function takeOnce(caller: Caller, { batch, entry, now }: Given): Promise<BatchAnswer> {
  const place = await placeOf(caller, entry)
  const miners = await knownMiners(caller, keysIn(batch), now)
  const { good, bad } = sortSamples(batch, miners, now)
  const meters = await sortMeters(caller, batch, now)
  const quarantined = [
    ...bad.map(({ index, field, reason }) => ({ index, field, reason })),
    ...meters.bad.map(({ index, field, reason }) => ({
      index,
      field,
      reason,
      of: 'meters' as const,
    })),
  ]
  if (place.isKnown) return { ackSeq: place.ackSeq, quarantined }
  if (good.length > 0) {
    const buckets = bucketsOf(good)
    await ensurePartitions('fleet_telemetry_raw', buckets)
    await insertRaw(caller.tenantId, good)
    await holdMiners(caller, good)
    await updateLive(caller, good, now)
    await keepDetails(caller, good)
    await markDue(caller, buckets)
    tellLive('fleet.miner.view', caller.siteId)
  }
  await keepMeters(caller, meters.good)
  await keepAside(caller, entry, [...bad, ...meters.bad])
  const ackSeq = await enter(caller, entry, {
    samples: good.length + meters.good.length,
    quarantined: quarantined.length,
    now,
  })
  return { ackSeq, quarantined }
}

/** The beginnings of the five minutes that these samples lie in. */
const bucketsOf = (rows: readonly GoodSample[]) =>
  [...new Set(rows.map(({ at }) => at - (at % BUCKET_MS)))]
    .sort((a, b) => a - b)
    .map((time) => new Date(time))

const markDue = ({ tenantId, collectorId }: Caller, buckets: readonly Date[]) =>
  current.get().client.rawQuery(
    `insert into fleet_rollup_due (tenant_id, bucket, collector_id)
     select ?::uuid, bucket, ?::uuid from unnest(?::timestamptz[]) as bucket
     on conflict (tenant_id, bucket, collector_id) do update set marked_at = now()`,
    [tenantId, collectorId, textArray(buckets.map((bucket) => bucket.toISOString()))]
  )

/** Bad records stay for somebody to look at. A key that is not ours is no fault of the record. */
async function keepAside(caller: Caller, entry: Entry, bad: readonly BadSample[]) {
  const kept = bad.filter(({ reason }) => reason !== 'not_ours').slice(0, MOST_KEPT_ASIDE)
  if (kept.length === 0) return
  const samples = kept.map(({ given }) => {
    const text = JSON.stringify(given) ?? 'null'
    // PostgreSQL keeps neither NUL nor half a character in JSON.
    return text.length > MOST_TEXT || UNSTORABLE.test(text) ? null : text
  })
  const key = (given: unknown) => {
    const { miner: own, meter } = (given ?? {}) as { miner?: unknown; meter?: unknown }
    const miner = own ?? meter
    return typeof miner === 'string' ? miner.replaceAll('\u0000', '').slice(0, 126) : null
  }
  await current.get().client.rawQuery(
    `insert into fleet_quarantine
       (tenant_id, site_id, collector_id, boot_id, seq, id, index, miner_key, field, reason, sample)
     select ?::uuid, ?::uuid, ?::uuid, ?::uuid, ?::bigint, *
     from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::jsonb[])`,
    [
      caller.tenantId,
      caller.siteId,
      caller.collectorId,
      entry.bootId,
      entry.seq,
      textArray(kept.map(() => newId())),
      plainArray(kept.map(({ index }) => index)),
      textArray(kept.map(({ given }) => key(given))),
      textArray(kept.map(({ field }) => field)),
      textArray(kept.map(({ reason }) => reason)),
      textArray(samples),
    ]
  )
}

/** The refusal rolled its own transaction back; the alarm needs one that stays. */
const tellConflict = (caller: Caller, { bootId, seq }: Entry) =>
  forDevice({ tenantId: caller.tenantId, plugin: plugin.name }, () =>
    raiseAlarm({
      siteId: caller.siteId,
      collectorId: caller.collectorId,
      kind: 'batch_conflict',
      facts: { bootId, seq, collector: caller.name },
    })
  )
