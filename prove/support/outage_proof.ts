import { setTimeout as delay } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import { percentile } from '../../bench/support/figures.js'
import { PortalClient } from '../../edge-collector/src/portal/client.js'
import { enroll } from '../../edge-collector/src/portal/enroll.js'
import { loadIdentity } from '../../edge-collector/src/portal/identity.js'
import { createTransport } from '../../edge-collector/src/portal/transport.js'
import { systemTime } from '../../edge-collector/src/poll/time.js'
import { inviteCollector } from '../../plugins/fleet/services/enrolment.js'
import { lateLock } from '../../plugins/fleet/services/partitions.js'
import { asSystem, makeSite, makeTenant, type TestTenant } from '../../tests/helpers.js'
import { ChaosProxy } from './chaos_proxy.js'
import { scanOf } from './edge_story.js'
import { judgeMissing, perBucket, Seen } from './outage_check.js'
import { type Arrival, OutageEdge } from './outage_edge.js'
import type { OutageScale } from './outage_story.js'
import { fiveMinutes, outageRows, rollUpAll, scansWith } from './outage_stored.js'
import { startPortal } from './portal_under_test.js'

export interface Outage {
  scale: OutageScale
  folder: string
  say(line: string): void
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Live data later than this is late. */
const LATE_MS = 10_000
const MOST_RECOVERY_MS = 30 * MINUTE_MS
const MOST_FILL_MS = 60 * MINUTE_MS
/** Live data goes on for so long after everything old is in. */
const AFTER_MS = 15_000
/** Later five minutes than so long ago may wait for a reading still to come. */
const NOT_YET_MS = 15 * MINUTE_MS

/** Runs the whole proof in an application that has booted. Everything it starts is ended, whatever happens. */
export async function proveOutage({ scale, folder, say }: Outage) {
  const began = performance.now()
  const portal = await startPortal()
  const proxy = await ChaosProxy.open(portal.port)
  const raw = await keepRaw()
  let edge: OutageEdge | undefined
  try {
    const tenant = await joined(scale, folder, proxy)
    proxy.suffer('partition', Number.POSITIVE_INFINITY)
    edge = new OutageEdge(folder, scale)
    edge.start()
    say(
      `${scale.hours} h without the portal: ${scale.miners} miners every ${scale.pollMs / 1000} s`
    )
    await Promise.race([edge.time.leap(() => edge!.isOutageOver), edge.broken])
    const outage = endOutage(edge, proxy, began)
    say(`the portal is back: ${JSON.stringify(outage)}`)
    const filledUpAt = await filledUp(edge, say)
    await Promise.race([edge.time.sleep(AFTER_MS), edge.broken])
    await edge.end()
    const recovery = recoveryOf(edge, filledUpAt)
    say(`all is in: ${JSON.stringify(recovery)}`)
    const stored = await judge(tenant, edge, say)
    const kept = promises(scale.queueBytes, { outage, recovery, stored })
    const broken = Object.keys(kept).filter((name) => !kept[name as keyof typeof kept])
    const seconds = Math.round((performance.now() - began) / 1000)
    return {
      ...scale,
      ...outage,
      ...recovery,
      ...stored,
      seconds,
      broken,
      isProven: broken.length === 0,
    }
  } finally {
    await edge?.stop()
    await proxy.close()
    await portal.stop()
    await raw.rollback()
  }
}

/**
 * Raw readings are kept for two days, these are three days old: until they are compared the hourly
 * retention must wait, as it does for somebody who writes late ones.
 */
async function keepRaw() {
  const trx = await db.connection('owner').transaction()
  await trx.rawQuery('select pg_advisory_xact_lock_shared(hashtext(?))', [
    lateLock('fleet_telemetry_raw'),
  ])
  return trx
}

/** Joins by the collector's own enrolment and reports its miners, before the portal goes away. */
async function joined(scale: OutageScale, folder: string, proxy: ChaosProxy): Promise<TestTenant> {
  const tenant = await makeTenant()
  const { code } = await asSystem(tenant, async () => {
    const id = await makeSite()
    return inviteCollector('outage', { id, name: 'proof' })
  })
  await db.connection('login').from('rate_limits').delete()
  const portal = `http://127.0.0.1:${proxy.port}`
  await enroll({ folder, portal, code, version: 'proof', hostname: null })
  const transport = createTransport(new URL(portal))
  try {
    const client = new PortalClient(loadIdentity(folder)!, transport, systemTime)
    const scan = scanOf({ edge: 0, miners: scale.miners }, crypto.randomUUID())
    const { status, body } = await client.post('discovery', scan)
    if ((body?.accepted as unknown[] | undefined)?.length !== scale.miners) {
      throw new Error(`the portal did not take the miners: ${status} ${JSON.stringify(body)}`)
    }
  } finally {
    transport.close()
  }
  return tenant
}

function endOutage(edge: OutageEdge, proxy: ChaosProxy, began: number) {
  edge.measure()
  proxy.heal()
  edge.comeBack()
  const { thinned, dropped, batches } = edge.queue.stats()
  return {
    outageHours: (edge.returnedAt - edge.story.startAt) / HOUR_MS,
    outageRealSeconds: Math.round((performance.now() - began) / 1000),
    givenInOutage: edge.given,
    keptInOutage: edge.given - thinned - dropped,
    queueBytesMost: edge.most.bytes,
    queueBatches: batches,
  }
}

/** When nothing from before the return is left; undefined: it took too long. */
async function filledUp(edge: OutageEdge, say: Outage['say']): Promise<number> {
  for (let told = 0; !edge.isFilledUp; told++) {
    if (edge.time.clock() - edge.returnedAt > MOST_FILL_MS) {
      throw new Error('the queue was not empty after an hour')
    }
    if (told % 15 === 14) say(`  ${JSON.stringify(edge.queue.stats())}`)
    await Promise.race([delay(1000), edge.broken])
  }
  return edge.time.clock()
}

const arrivedAt = ({ at, lagMs }: Arrival) => at + lagMs
const seconds = (ms: number) => Math.round(ms / 100) / 10
const lagOf = (arrivals: readonly Arrival[], share: number) =>
  Math.round(
    percentile(
      arrivals.map(({ lagMs }) => lagMs),
      share
    )
  )

/** Figures of the time from the return on; lags of live readings, from the poll to the portal's word. */
function recoveryOf({ arrivals, returnedAt, heartbeatAt }: OutageEdge, filledUpAt: number) {
  if (arrivals.length === 0) throw new Error('no live reading came after the return')
  const late = arrivals.filter(({ lagMs }) => lagMs > LATE_MS)
  const firstAt = arrivedAt(arrivals[0]!)
  // What was polled before the collector found the portal again waited for that, not for back-fill.
  const live = arrivals.filter(({ at }) => at >= firstAt)
  const during = live.filter((one) => arrivedAt(one) <= filledUpAt)
  const lastLateAt = late.reduce((last, one) => Math.max(last, arrivedAt(one)), firstAt)
  return {
    /** Until the portal acknowledged a reading made after its return. */
    foundAgainS: seconds(firstAt - returnedAt),
    liveSamples: live.length,
    liveSamplesDuringBackfill: during.length,
    /** Until the last reading that came more than 10 s late. */
    liveRecoveredS: seconds(lastLateAt - returnedAt),
    p50LiveLagMs: lagOf(live, 0.5),
    p95LiveLagMs: lagOf(live, 0.95),
    /** Null: the past was filled up before a live reading came. */
    p95LiveLagDuringBackfillMs: during.length === 0 ? null : lagOf(during, 0.95),
    mostLiveLagMs: lagOf(live, 1),
    backfillS: seconds(filledUpAt - returnedAt),
    heartbeatS: heartbeatAt === null ? null : seconds(heartbeatAt - returnedAt),
  }
}

async function judge(tenant: TestTenant, edge: OutageEdge, say: Outage['say']) {
  const { story, given } = edge
  const { thinned, dropped, quarantined } = edge.queue.stats()
  const seen = new Seen(story, given)
  await outageRows(tenant, story, (miner, row) => seen.add(miner, row))
  const missing = judgeMissing(story, seen, { given, thinned, dropped })
  const reports = await scansWith(tenant, edge.scanIds)
  say(`the raw layer has ${seen.count} of ${given}; rolling up what the worker left`)
  await rollUpAll(tenant)
  const rolledUp = await fiveMinutes(tenant)
  const wrong = wrongBuckets(perBucket(story, seen), rolledUp)
  const { newestMissingAt, ...counts } = missing
  return {
    given,
    samples: seen.count,
    thinned,
    dropped,
    quarantined,
    unexpected: seen.unexpected,
    duplicated: seen.duplicated,
    ...counts,
    /** Complete from here to the return. */
    fullRateHours: ((edge.returnedAt - (newestMissingAt ?? story.startAt)) / HOUR_MS).toFixed(1),
    reports: edge.scanIds.length,
    reportsLost: edge.scanIds.length - reports,
    fiveMinutes: rolledUp.size,
    fiveMinutesWrong: wrong,
    controlCaught: isControlCaught(edge, seen, { given, thinned, dropped }),
  }
}

/** Five minutes whose sum is not that of the raw layer; the last ones may not be rolled up yet. */
function wrongBuckets(raw: Map<number, number>, rolledUp: Map<number, number>): number {
  const until = Date.now() - NOT_YET_MS
  const buckets = [...raw.keys(), ...rolledUp.keys()]
  return new Set(
    buckets.filter(
      (bucket) =>
        (rolledUp.has(bucket) || bucket < until) &&
        (raw.get(bucket) ?? 0) !== (rolledUp.get(bucket) ?? 0)
    )
  ).size
}

/** That the check would notice: one reading taken away, one more, one other than it was. */
function isControlCaught(
  { story }: OutageEdge,
  seen: Seen,
  word: Parameters<typeof judgeMissing>[2]
) {
  const no = seen.marks.lastIndexOf(1)
  const row = {
    key: story.keyOf(story.minerOf(no)),
    at: story.atOf(no),
    tick: story.tickOf(no),
    wattageW: story.wattsOf(no),
    hashrateThs: story.thsOf(no),
  }
  const again = new Seen(story, word.given)
  again.marks.set(seen.marks)
  again.add(story.minerOf(no), row)
  again.add(story.minerOf(no), { ...row, wattageW: row.wattageW + 1 })
  again.marks[no] = 0
  const [before, after] = [seen, again].map((one) => judgeMissing(story, one, word))
  const isMissed = after!.lost === before!.lost + 1 && after!.withoutHeir > before!.withoutHeir
  return again.duplicated === 1 && again.unexpected === 1 && isMissed
}

interface Figures {
  outage: ReturnType<typeof endOutage>
  recovery: ReturnType<typeof recoveryOf>
  stored: Awaited<ReturnType<typeof judge>>
}

/** Every promise by its name, and whether it was kept. */
const promises = (queueBytes: number, { outage, recovery, stored }: Figures) => ({
  queueKeptItsBound: outage.queueBytesMost <= queueBytes,
  oldestThinnedFirst: stored.thinned > 0 && stored.outOfOrder === 0,
  // Where the oldest were dropped as well, the heirs of what was thinned before are gone with them.
  thinnedHaveHeirs: stored.dropped > 0 || stored.withoutHeir === 0,
  nothingLost: stored.lost === 0,
  nothingMadeUp: stored.unexpected + stored.duplicated + stored.quarantined === 0,
  reportsThere: stored.reports > 0 && stored.reportsLost === 0,
  fiveMinutesEqual: stored.fiveMinutes > 0 && stored.fiveMinutesWrong === 0,
  controlCaught: stored.controlCaught,
  liveRecovered: recovery.liveSamples > 0 && recovery.liveRecoveredS * 1000 <= MOST_RECOVERY_MS,
  liveOnTime: recovery.p95LiveLagMs <= LATE_MS,
  liveOnTimeDuringBackfill: (recovery.p95LiveLagDuringBackfillMs ?? 0) <= LATE_MS,
})
