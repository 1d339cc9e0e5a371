/**
 * How many samples a second the portal takes in, from HTTP to raw, live and connectivity, beside
 * plain COPY and upsert of the same rows into the same database.
 */
import { readFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import type { Sample } from '#edge/protocol/sample'
import { percentile, report } from './support/figures.js'
import { LoadCollector, sampleAt, scanOf } from './support/edge_load.js'
import { bootApplication, startWeb } from './support/portal.js'
import { screenP99Ms } from './support/screen_times.js'

const COLLECTORS = 8
const MINERS = Number(process.argv[2] ?? 1250)
const ROUNDS = Number(process.argv[3] ?? 12)
const PER_BATCH = 500
const STEP_MS = 15_000

const app = await bootApplication()
const { default: db } = await import('@adonisjs/lucid/services/db')
const { current } = await import('#core/current')
const { asSystem, makeMember, makeSite, makeTenant } = await import('../tests/helpers.js')
const { sessionCookie } = await import('../tests/session_client.js')
const { inviteCollector } = await import('../plugins/fleet/services/enrolment.js')
const { ensurePartitions } = await import('../plugins/fleet/services/partitions.js')
const { bytesOf, fillBoards, rollUpAll, rollUpDays } = await import('./support/layers.js')
const web = await startWeb()

const numbersOf = (collector: number) =>
  Array.from({ length: MINERS }, (_, index) => collector * MINERS + index + 1)

/** Collectors whose miners are ours. */
async function makeSites() {
  const tenant = await makeTenant()
  const collectors: LoadCollector[] = []
  for (let index = 0; index < COLLECTORS; index++) {
    const { code } = await asSystem(tenant, async () => {
      const id = await makeSite()
      return inviteCollector(`c${index}`, { id, name: 'bench' })
    })
    await db.connection('login').from('rate_limits').delete()
    const collector = await LoadCollector.enrol(web.url, code)
    await collector.message('discovery', scanOf(numbersOf(index)))
    collectors.push(collector)
  }
  return { tenant, collectors }
}

/**
 * Everything that is sent, made before the clock runs: the collectors' work is not the portal's. A
 * lane for each collector, since it sends its newest batches one after another.
 */
function lanesOf(collectors: readonly LoadCollector[]) {
  const first = Date.now() - ROUNDS * STEP_MS
  return collectors.map((collector, index) => {
    const bodies: Buffer[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const samples = numbersOf(index).map((no) =>
        sampleAt(no, first + round * STEP_MS + (no % 977))
      )
      for (let at = 0; at < samples.length; at += PER_BATCH) {
        bodies.push(collector.packed(samples.slice(at, at + PER_BATCH)))
      }
    }
    return { collector, bodies }
  })
}

/** Memory is that of the server after a third, when it is warm, and at the end. */
async function ingest(lanes: ReturnType<typeof lanesOf>) {
  const times: number[] = []
  const batches = lanes.reduce((sum, { bodies }) => sum + bodies.length, 0)
  let memoryStartMb = Number.NaN
  const began = performance.now()
  const send = async ({ collector, bodies }: (typeof lanes)[number]) => {
    for (const body of bodies) {
      const sent = performance.now()
      const { quarantined } = await collector.send('telemetry', body)
      if (quarantined.length > 0) throw new Error(JSON.stringify(quarantined.slice(0, 3)))
      times.push(performance.now() - sent)
      if (times.length === Math.ceil(batches / 3)) memoryStartMb = residentMb(web.pid)
    }
  }
  await Promise.all(lanes.map(send))
  const seconds = (performance.now() - began) / 1000
  return {
    samples: COLLECTORS * MINERS * ROUNDS,
    seconds,
    batchP99Ms: Math.round(percentile(times, 0.99)),
    memoryStartMb,
    memoryEndMb: residentMb(web.pid),
  }
}

/** Every miner once in fifteen seconds, as sites send it, while somebody looks at the overview. */
async function timeScreen(
  tenant: Awaited<ReturnType<typeof makeTenant>>,
  collectors: readonly LoadCollector[]
) {
  const { user } = await makeMember(tenant, 'operator')
  const { name, value } = await sessionCookie(user)
  const batches = collectors.flatMap((collector, index) => {
    const numbers = numbersOf(index)
    return Array.from({ length: Math.ceil(numbers.length / PER_BATCH) }, (_, part) => async () => {
      const some = numbers.slice(part * PER_BATCH, (part + 1) * PER_BATCH)
      const readAt = performance.now()
      const body = collector.packed(some.map((no) => sampleAt(no, Date.now())))
      await collector.send('telemetry', body)
      return { samples: some.length, readAt }
    })
  })
  return screenP99Ms({
    url: web.url,
    cookie: `${name}=${value}`,
    topic: 'fleet.miner.view',
    part: '/fleet/now',
    // Two rounds: the first finds pages and plans cold.
    batches: [...batches, ...batches],
    overMs: 2 * STEP_MS,
  })
}

/** What a process holds now, by the kernel's count. */
const residentMb = (pid: number) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)

/** Bytes of a row of each layer, with its indexes, of what came in and what became of it. */
async function weighLayers(tenant: Awaited<ReturnType<typeof makeTenant>>) {
  const later = new Date(Date.now() + 3_600_000)
  const began = performance.now()
  await rollUpAll(tenant, later)
  const seconds = (performance.now() - began) / 1000
  const { rows } = await asSystem(tenant, () =>
    current.get().client.rawQuery('select count(*)::int as n from fleet_telemetry_5min')
  )
  await rollUpDays(tenant)
  await fillBoards(tenant, { miners: COLLECTORS * MINERS, buckets: [new Date(later)] })
  return {
    rollUpRows: rows[0].n,
    rollUpRowsPerSecond: Math.round(rows[0].n / seconds),
    bytesPerLiveRow: await bytesOf('fleet_telemetry_live'),
    bytesPer5min: await bytesOf('fleet_telemetry_5min'),
    bytesPerBoard5min: await bytesOf('fleet_boards_5min'),
    bytesPerDay: await bytesOf('fleet_telemetry_daily'),
    bytesPerSample: await bytesOf('fleet_telemetry_raw'),
  }
}

const COLUMNS =
  'miner_no, at, outcome, state, poll_ms, is_mining, uptime_s, hashrate_ths, ' +
  'hashrate_avg_ths, expected_hashrate_ths, wattage_w, wattage_source, wattage_limit_w, ' +
  'temp_inlet_c, temp_outlet_c, temp_max_c, fan_min_rpm, fan_max_rpm, shares_accepted, ' +
  'shares_rejected, shares_stale, hardware_errors'

const lineOf = (no: number, one: Sample) =>
  [
    no,
    new Date(one.at).toISOString(),
    0,
    0,
    one.poll_ms,
    one.is_mining,
    one.uptime_s,
    one.hashrate_ths,
    one.hashrate_avg_ths,
    one.expected_hashrate_ths,
    one.wattage_w,
    0,
    one.wattage_limit_w,
    one.temp_inlet_c,
    one.temp_outlet_c,
    one.temp_max_c,
    one.fan_min_rpm,
    one.fan_max_rpm,
    one.shares_accepted,
    one.shares_rejected,
    one.shares_stale,
    one.hardware_errors,
  ].join('\t') + '\n'

/** The same rows without any of our work: COPY into the raw table's twin, then an upsert of the newest. */
async function baseline(tenantId: string): Promise<number> {
  const { default: pg } = await import('pg')
  const { from } = await import('pg-copy-streams')
  const client = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL })
  await client.connect()
  await client.query(`set app.tenant_id = '${tenantId}'; create table bench_raw (like fleet_telemetry_raw including all);
    create table bench_live (tenant_id uuid, miner_no integer, at timestamptz, hashrate_ths real, wattage_w real,
      temp_max_c real, state smallint, primary key (tenant_id, miner_no)) with (fillfactor = 60);
    alter table bench_raw alter tenant_id set default '${tenantId}'`)
  const lines: string[][] = []
  const first = Date.now() - ROUNDS * STEP_MS
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; index < COLLECTORS; index++) {
      const rows = numbersOf(index).map((no) =>
        lineOf(no, sampleAt(no, first + round * STEP_MS + (no % 977)))
      )
      for (let at = 0; at < rows.length; at += PER_BATCH) lines.push(rows.slice(at, at + PER_BATCH))
    }
  }
  const began = performance.now()
  let count = 0
  for (const batch of lines) {
    await client.query('begin')
    await pipeline(
      Readable.from(batch),
      client.query(from(`copy bench_raw (${COLUMNS}) from stdin`))
    )
    const cells = batch.map((line) => line.split('\t'))
    const list = (at: number) => `{${cells.map((cell) => `"${cell[at]}"`).join(',')}}`
    await client.query(
      `insert into bench_live select '${tenantId}', * from unnest($1::integer[], $2::timestamptz[], $3::real[], $4::real[], $5::real[], $6::smallint[])
       on conflict (tenant_id, miner_no) do update set at = excluded.at, hashrate_ths = excluded.hashrate_ths,
         wattage_w = excluded.wattage_w, temp_max_c = excluded.temp_max_c, state = excluded.state where excluded.at > bench_live.at`,
      [list(0), list(1), list(7), list(10), list(15), list(3)]
    )
    await client.query('commit')
    count += batch.length
  }
  const perSecond = count / ((performance.now() - began) / 1000)
  await client.end()
  return perSecond
}

try {
  const { tenant, collectors } = await makeSites()
  await ensurePartitions('fleet_telemetry_raw', [new Date(), new Date(Date.now() - 3_600_000)])
  const { samples, seconds, batchP99Ms, ...memory } = await ingest(lanesOf(collectors))
  const { rows: stored } = await asSystem(tenant, () =>
    current.get().client.rawQuery('select count(*)::int as n from fleet_telemetry_raw')
  )
  if (stored[0].n !== samples) throw new Error(`${stored[0].n} of ${samples} samples were stored`)
  const p99ScreenMs = await timeScreen(tenant, collectors)
  const layers = await weighLayers(tenant)
  const baselineSamplesPerSecond = await baseline(tenant.id)
  const samplesPerSecond = samples / seconds
  report('Ingest', {
    miners: COLLECTORS * MINERS,
    samples,
    batchP99Ms,
    ...memory,
    p99ScreenMs,
    ...layers,
    samplesPerSecond: Math.round(samplesPerSecond),
    baselineSamplesPerSecond: Math.round(baselineSamplesPerSecond),
    ratio: Math.round((samplesPerSecond / baselineSamplesPerSecond) * 100) / 100,
  })
} finally {
  await web.stop()
  await app.terminate()
}
