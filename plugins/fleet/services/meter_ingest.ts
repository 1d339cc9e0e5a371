import { insertSamples, plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import { type Batch } from '#edge/protocol/messages'
import {
  checkMeterSample,
  METER_FIELDS,
  METER_OUTCOMES,
  type MeterField,
  type MeterSample,
} from '#edge/protocol/meters'
import { bucketOf } from '../domain/bucket.js'
import type { Caller } from './collector_auth.js'
import { type BadSample, troubleWith } from './ingest_check.js'
import { timeArray } from './ingest_raw.js'
import { hearAlarms } from './meter_alarms.js'
import { ensurePartitions } from './partitions.js'

/** A reading that passed, at its corrected time. */
export interface GoodReading {
  no: number
  at: number
  sample: MeterSample
}

const typeOf = (field: MeterField) =>
  field.startsWith('energy')
    ? 'bigint'
    : /^(power_(?!factor)|reactive)/.test(field)
      ? 'double precision'
      : 'real'

const NAMES = METER_FIELDS.join(', ')
const LISTS = METER_FIELDS.map((field) => `?::${typeOf(field)}[]`).join(', ')

/** Lists of different lengths do not fit into one of PostgreSQL; of no codes it makes an empty list. */
const ALARMS = `string_to_array(alarms, ',')`

const INSERT = `
  insert into fleet_meter_raw (tenant_id, meter_no, at, outcome, poll_ms, ${NAMES}, alarms)
  select ?::uuid, meter_no, at, outcome, poll_ms, ${NAMES}, ${ALARMS}
  from unnest(?::integer[], ?::timestamptz[], ?::smallint[], ?::integer[], ${LISTS}, ?::text[])
    as t (meter_no, at, outcome, poll_ms, ${NAMES}, alarms)
  on conflict do nothing`

/** Sorts the readings of a batch; each is checked by itself. Meters of another collector are not ours. */
export async function sortMeters(caller: Caller, { meters = [], offsetMs }: Batch, now: number) {
  const good: GoodReading[] = []
  const bad: BadSample[] = []
  if (meters.length === 0) return { good, bad }
  const known = await knownMeters(caller)
  for (const [index, sample] of meters.entries()) {
    const fault = checkMeterSample(sample)
    if (fault) {
      bad.push({ index, ...fault, given: sample })
      continue
    }
    const at = sample.at + Math.round(offsetMs ?? 0)
    const no = known.get(sample.meter)
    const trouble = troubleWith(at, now) ?? (no ? null : { field: 'meter', reason: 'not_ours' })
    if (trouble) bad.push({ index, ...trouble, given: sample })
    else good.push({ no: no!, at, sample })
  }
  return { good, bad }
}

/** A meter that was removed is known still: what was read before that counts. */
async function knownMeters({ tenantId, collectorId }: Caller): Promise<Map<string, number>> {
  const rows = await current
    .get()
    .client.from('fleet_meters')
    .where({ tenant_id: tenantId, collector_id: collectorId })
    .select('id', 'no')
  return new Map(rows.map(({ id, no }) => [id, no]))
}

/** Keeps readings: raw first, by the role that may do nothing else, then newest and what is due. */
export async function keepMeters({ tenantId }: Caller, rows: readonly GoodReading[]) {
  if (rows.length === 0) return
  const buckets = [...new Set(rows.map(({ at }) => bucketOf(at)))].map((at) => new Date(at))
  await ensurePartitions('fleet_meter_raw', buckets)
  await insertSamples(INSERT, [tenantId, ...listsOf(rows)])
  await hearAlarms(rows)
  await updateLive(tenantId, newestOf(rows))
  await markDue(tenantId, rows)
}

const listsOf = (rows: readonly GoodReading[]) => [
  plainArray(rows.map(({ no }) => no)),
  timeArray(rows.map(({ at }) => at)),
  plainArray(rows.map(({ sample }) => METER_OUTCOMES.indexOf(sample.outcome))),
  plainArray(rows.map(({ sample }) => sample.poll_ms)),
  ...METER_FIELDS.map((field) => plainArray(rows.map(({ sample }) => sample[field]))),
  textArray(rows.map(({ sample }) => (sample.alarms ? [...new Set(sample.alarms)].join() : null))),
]

/** Rows are always locked in the order of their numbers. */
function newestOf(rows: readonly GoodReading[]): GoodReading[] {
  const newest = new Map<number, GoodReading>()
  for (const row of rows) if (row.at >= (newest.get(row.no)?.at ?? 0)) newest.set(row.no, row)
  return [...newest.values()].sort((a, b) => a.no - b.no)
}

const isAnswer = ({ sample: { outcome } }: GoodReading) => outcome === 'ok' || outcome === 'partial'

const updateLive = (tenantId: string, rows: readonly GoodReading[]) =>
  current.get().client.rawQuery(
    `insert into fleet_meter_live
       (tenant_id, meter_no, at, outcome, poll_ms, ${NAMES}, alarms, trouble, answered_at)
     select ?::uuid, meter_no, at, outcome, poll_ms, ${NAMES}, ${ALARMS}, trouble, answered_at
     from unnest(?::integer[], ?::timestamptz[], ?::smallint[], ?::integer[],
       ${LISTS}, ?::text[], ?::text[], ?::timestamptz[])
       as t (meter_no, at, outcome, poll_ms, ${NAMES}, alarms, trouble, answered_at)
     on conflict (tenant_id, meter_no) do update set at = excluded.at, outcome = excluded.outcome,
       poll_ms = excluded.poll_ms, alarms = excluded.alarms, trouble = excluded.trouble,
       answered_at = coalesce(excluded.answered_at, fleet_meter_live.answered_at),
       ${METER_FIELDS.map((field) => `${field} = excluded.${field}`).join(', ')}
     where fleet_meter_live.at <= excluded.at`,
    [
      tenantId,
      ...listsOf(rows),
      textArray(rows.map(({ sample }) => sample.trouble)),
      textArray(rows.map((row) => (isAnswer(row) ? new Date(row.at).toISOString() : null))),
    ]
  )

function markDue(tenantId: string, rows: readonly GoodReading[]) {
  const places = new Map(rows.map(({ no, at }) => [`${no} ${bucketOf(at)}`, [no, bucketOf(at)]]))
  const due = [...places.values()] as [no: number, bucket: number][]
  return current.get().client.rawQuery(
    `insert into fleet_meter_due (tenant_id, meter_no, bucket)
     select ?::uuid, meter_no, bucket from unnest(?::integer[], ?::timestamptz[]) as t (meter_no, bucket)
     order by bucket, meter_no
     on conflict (tenant_id, bucket, meter_no) do update set marked_at = now()`,
    [tenantId, plainArray(due.map(([no]) => no)), timeArray(due.map(([, bucket]) => bucket))]
  )
}
