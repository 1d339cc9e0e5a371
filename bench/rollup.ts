/**
 * How fast samples become five minutes and days, and what a row of each layer takes on the disk with
 * its indexes.
 */
import { report } from './support/figures.js'
import { bootApplication } from './support/portal.js'

const MINERS = Number(process.argv[2] ?? 5000)
const HOURS = Number(process.argv[3] ?? 1)
const COLLECTORS = 4
const STEP_S = 30
const BUCKET_MS = 300_000

const app = await bootApplication()
// The database can only be imported once the application is there.
const { default: db } = await import('@adonisjs/lucid/services/db')
const { insertSamples } = await import('#core/bulk')
const { current } = await import('#core/current')
const { asSystem, makeSite, makeTenant } = await import('../tests/helpers.js')
const { makeCollector } = await import('../plugins/fleet/tests/support/fleet_rows.js')
const { groupHistory, historyOf } = await import('../plugins/fleet/services/history.js')
const { ensurePartitions } = await import('../plugins/fleet/services/partitions.js')
const { BOARDS, bytesOf, fillBoards, rollUpAll, rollUpDays } = await import('./support/layers.js')

const buckets = HOURS * 12
const last = Math.floor(Date.now() / BUCKET_MS) * BUCKET_MS - 4 * BUCKET_MS
const first = last - (buckets - 1) * BUCKET_MS
const bucketTimes = Array.from(
  { length: buckets },
  (_, index) => new Date(first + index * BUCKET_MS)
)

/** Four sites with a collector each. */
async function makeFleet() {
  const tenant = await makeTenant()
  await asSystem(tenant, async () => {
    for (let index = 0; index < COLLECTORS; index++) {
      const siteId = await makeSite()
      const collectorId = await makeCollector(siteId)
      await current.get().client.rawQuery(
        `insert into fleet_miners (tenant_id, id, no, site_id, collector_id, miner_key, ip, driver, evidence, model)
         select ?::uuid, gen_random_uuid(), no, ?::uuid, ?::uuid, 'bench:' || no, '10.0.0.1', 'antminer', 'recorded',
           (array['S19 Pro', 'S21', 'S19j XP'])[1 + no % 3]
         from generate_series(?::integer, ?::integer, ?::integer) as no`,
        [tenant.id, siteId, collectorId, index + 1, MINERS, COLLECTORS]
      )
    }
  })
  return tenant
}

/** Polls with waves and counters that go on, as the role of ingest, a quarter of an hour at a time. */
async function fillRaw(tenantId: string) {
  await ensurePartitions('fleet_telemetry_raw', [...bucketTimes, new Date(last + BUCKET_MS)])
  const span = 3 * BUCKET_MS
  for (let from = first; from < last + 2 * BUCKET_MS; from += span) {
    const to = Math.min(from + span, last + 2 * BUCKET_MS) - 1000
    await insertSamples(
      `insert into fleet_telemetry_raw (tenant_id, miner_no, at, outcome, state, poll_ms, is_mining, uptime_s,
         hashrate_ths, hashrate_avg_ths, expected_hashrate_ths, wattage_w, wattage_source, wattage_limit_w,
         temp_inlet_c, temp_outlet_c, temp_max_c, fan_min_rpm, fan_max_rpm, shares_accepted, shares_rejected,
         shares_stale, hardware_errors)
       select ?::uuid, no, at + make_interval(secs => no % 29), 0, 0, 100, true, extract(epoch from at)::bigint % 1000000,
         200 + 4 * sin(no + extract(epoch from at)), 199, 200, 3500 + 70 * sin(no + extract(epoch from at)), 0, 3600,
         24.5, 48.25, 71 + no % 9, 5400, 5700, extract(epoch from at)::bigint / 4, no % 50, 0, no % 7
       from generate_series(?::timestamptz, ?::timestamptz, make_interval(secs => ${STEP_S})) as at,
         generate_series(1, ?::integer) as no`,
      [tenantId, new Date(from).toISOString(), new Date(to).toISOString(), String(MINERS)]
    )
  }
}

const markDue = (tenantId: string) =>
  current.get().client.rawQuery(
    `insert into fleet_rollup_due (tenant_id, bucket, collector_id)
     select tenant_id, bucket, id from fleet_collectors,
       generate_series(?::timestamptz, ?::timestamptz, interval '5 minutes') as bucket
     where tenant_id = ?`,
    [new Date(first), new Date(last), tenantId]
  )

async function timed<T>(work: () => Promise<T>) {
  const began = performance.now()
  const answer = await work()
  return { answer, seconds: (performance.now() - began) / 1000 }
}

try {
  const tenant = await makeFleet()
  await fillRaw(tenant.id)
  const boards = await timed(() => fillBoards(tenant, { miners: MINERS, buckets: bucketTimes }))
  await asSystem(tenant, () => markDue(tenant.id))
  await db.connection('owner').rawQuery('vacuum analyze fleet_telemetry_raw')
  const rolled = await timed(() => rollUpAll(tenant))
  const days = await timed(() => rollUpDays(tenant))
  const { rows } = await asSystem(tenant, () =>
    current.get().client.rawQuery(
      `select count(*)::integer as fives, sum(samples)::integer as samples,
         sum(seconds_covered)::float8 as covered
       from fleet_telemetry_5min where bucket <= ?`,
      [new Date(last)]
    )
  )
  const { fives, samples, covered } = rows[0]
  if (fives !== MINERS * buckets) throw new Error(`${fives} of ${MINERS * buckets} rows`)
  const span = { from: new Date(first), to: new Date(last + BUCKET_MS) }
  const day = { from: new Date(last - 86_400_000), to: new Date(last) }
  const miner = await timed(() => asSystem(tenant, () => historyOf([1], day)))
  const raw = await timed(() => asSystem(tenant, () => historyOf([1], span)))
  const site = await timed(() => asSystem(tenant, () => groupHistory('site', day)))
  report('Roll-up', {
    miners: MINERS,
    samples,
    minerBuckets: fives,
    coveredPct: Math.round((1000 * covered) / (fives * 300)) / 10,
    longestTransactionMs: Math.round(rolled.answer),
    samplesPerSecond: Math.round(samples / rolled.seconds),
    minerBucketsPerSecond: Math.round(fives / rolled.seconds),
    minersKeptUpWith: Math.round((fives / rolled.seconds) * 300),
    minerDaysPerSecond: Math.round((MINERS * days.answer) / COLLECTORS / days.seconds),
    boardRowsPerSecond: Math.round((MINERS * buckets * BOARDS) / boards.seconds),
    minerDayMs: Math.round(miner.seconds * 1000),
    minerRawMs: Math.round(raw.seconds * 1000),
    sitesDayMs: Math.round(site.seconds * 1000),
    rawBytes: await bytesOf('fleet_telemetry_raw'),
    fiveMinuteBytes: await bytesOf('fleet_telemetry_5min'),
    boardBytes: await bytesOf('fleet_boards_5min'),
    groupBytes: await bytesOf('fleet_groups_5min'),
    dayBytes: await bytesOf('fleet_telemetry_daily'),
  })
} finally {
  await app.terminate()
}
