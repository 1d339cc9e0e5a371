import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import { enroll } from '../../edge-collector/src/portal/enroll.js'
import { asSystem, makeSite, makeTenant, type TestTenant } from '../../tests/helpers.js'
import { inviteCollector } from '../../plugins/fleet/services/enrolment.js'
import { rollUpNext } from '../../plugins/fleet/services/rollup_5min.js'
import { ChaosProxy } from './chaos_proxy.js'
import { check, energyWh, type Findings, together } from './checker.js'
import { SimulatedEdge } from './edges.js'
import type { EdgeOrder } from './edge_story.js'
import { readLedger } from './journal.js'
import { type Fault, planOf } from './plan.js'
import { startPortal } from './portal_under_test.js'
import { rolledUp, rowsOf } from './stored.js'

export interface Scale {
  edges: number
  miners: number
  faults: number
  ticks: number
  tickMs: number
}

export interface Proving {
  scale: Scale
  seed: number
  folder: string
  /** Faults that must not come: a test shares its database with others. */
  without?: readonly Fault['kind'][]
  say(line: string): void
}

const STEP_MS = 15_000
const HOUR_MS = 3_600_000
/** As the portal has it for a collector that polls every 30 s. */
const MAX_GAP_MS = 90_000
const CONTROL: Pick<Scale, 'miners' | 'ticks' | 'tickMs'> = { miners: 10, ticks: 8, tickMs: 200 }
const DRAIN_MS = 300_000

type Portal = Awaited<ReturnType<typeof startPortal>>

/** Runs the whole proof in an application that has booted. Everything it starts is ended, whatever happens. */
export async function proveIngest({ scale, seed, folder, without = [], say }: Proving) {
  const began = performance.now()
  const portal = await startPortal()
  const edges: SimulatedEdge[] = []
  try {
    const tenant = await makeTenant()
    const make = (order: Partial<EdgeOrder>) =>
      makeEdge(portal, tenant, { folder: join(folder, String(edges.length)), ...order }, edges)
    for (let edge = 0; edge < scale.edges; edge++) await make(scale)
    const honest = [...edges]
    const dropping = await make({ ...CONTROL, sabotage: 'drop' })
    const doubling = await make({ ...CONTROL, sabotage: 'double' })
    for (const edge of edges) edge.start()
    const plan = planOf({
      seed,
      faults: scale.faults,
      edges: scale.edges,
      withinMs: scale.ticks * scale.tickMs,
      without,
    })
    say(`seed ${seed}: ${scale.edges} edges × ${scale.miners} miners, ${plan.length} faults`)
    await suffer(plan, { portal, edges: honest, say })
    await drained(edges, portal, say)
    return await judge({ tenant, honest, dropping, doubling, plan, seed, began, say })
  } finally {
    await Promise.all(edges.map((edge) => edge.end()))
    await Promise.all(edges.map((edge) => edge.proxy.close()))
    await portal.stop()
  }
}

/** Joins by the collector's own enrolment, over its own way. */
async function makeEdge(
  portal: Portal,
  tenant: TestTenant,
  given: Partial<EdgeOrder> & { folder: string },
  edges: SimulatedEdge[]
): Promise<SimulatedEdge> {
  const proxy = await ChaosProxy.open(portal.port)
  const { code } = await asSystem(tenant, async () => {
    const id = await makeSite()
    return inviteCollector(`edge ${edges.length}`, { id, name: 'proof' })
  })
  await db.connection('login').from('rate_limits').delete()
  await enroll({
    folder: given.folder,
    portal: `http://127.0.0.1:${proxy.port}`,
    code,
    version: 'proof',
    hostname: null,
  })
  const order: EdgeOrder = {
    edge: edges.length,
    miners: 1,
    ticks: 1,
    tickMs: 1000,
    // Long enough ago that all of it can be rolled up when it is in.
    startAt: Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS,
    stepMs: STEP_MS,
    sabotage: null,
    ...given,
  }
  const edge = new SimulatedEdge(order, proxy)
  edges.push(edge)
  return edge
}

interface Stage {
  portal: Portal
  edges: readonly SimulatedEdge[]
  say(line: string): void
}

async function suffer(plan: readonly Fault[], stage: Stage): Promise<void> {
  const began = performance.now()
  for (const fault of plan) {
    const waitMs = fault.afterMs - (performance.now() - began)
    if (waitMs > 0) await delay(waitMs)
    await strike(fault, stage)
    stage.say(`${((performance.now() - began) / 1000).toFixed(1)} s ${JSON.stringify(fault)}`)
  }
}

async function strike(fault: Fault, { portal, edges }: Stage): Promise<void> {
  switch (fault.kind) {
    case 'kill_portal':
      return portal.killWeb()
    case 'kill_worker':
      return portal.killWorker()
    case 'kill_database':
      return killDatabase()
    case 'kill_edge':
      return edges[fault.edge]!.kill()
    case 'clock_jump':
      return edges[fault.edge]!.tell({ jumpMs: fault.jumpMs })
    case 'disk_full':
      return edges[fault.edge]!.tell({ fullMs: fault.lastsMs })
    default:
      edges[fault.edge]!.proxy.suffer(fault.kind, fault.lastsMs)
  }
}

/**
 * Kills a backend with SIGKILL: the postmaster ends all others at once, throws shared memory away
 * and recovers from the log, as after a crash of the whole server.
 */
async function killDatabase(): Promise<void> {
  const { rows } = await db
    .connection('owner')
    .rawQuery(
      `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`
    )
  if (rows[0]) process.kill(rows[0].pid, 'SIGKILL')
}

async function drained(edges: readonly SimulatedEdge[], portal: Portal, say: Stage['say']) {
  await portal.ready()
  say('the faults are over; emptying the queues')
  const late = new AbortController()
  const limit = delay(DRAIN_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error(`the queues were not empty after ${DRAIN_MS / 1000} s`)
  })
  await Promise.race([Promise.all(edges.map((edge) => edge.drained)), limit])
  late.abort()
  limit.catch(() => {})
}

interface Outcome {
  tenant: TestTenant
  honest: readonly SimulatedEdge[]
  dropping: SimulatedEdge
  doubling: SimulatedEdge
  plan: readonly Fault[]
  seed: number
  began: number
  say(line: string): void
}

async function findingsOf(tenant: TestTenant, edge: SimulatedEdge) {
  const rows = await rowsOf(tenant, edge.order)
  const findings = check(edge.order, readLedger(edge.order.folder), rows)
  return { findings, energyWh: energyWh(rows, MAX_GAP_MS) }
}

async function judge({ tenant, honest, dropping, doubling, plan, seed, began, say }: Outcome) {
  const all: Findings[] = []
  let trueWh = 0
  for (const edge of honest) {
    const { findings, energyWh: wh } = await findingsOf(tenant, edge)
    all.push(findings)
    trueWh += wh
  }
  const sum = together(all)
  await rollUpAll(tenant, say)
  const rolled = await rolledUp(
    tenant,
    honest.map(({ order }) => order)
  )
  const controls = {
    dropped: (await findingsOf(tenant, dropping)).findings.lost,
    doubled: (await findingsOf(tenant, doubling)).findings.duplicated,
  }
  const sumsEqual = areEqual(rolled, sum, trueWh)
  const controlCaught = controls.dropped > 0 && controls.doubled > 0
  return {
    seed,
    faults: plan.length,
    kinds: Object.fromEntries(
      [...Map.groupBy(plan, ({ kind }) => kind)].map(([kind, list]) => [kind, list.length])
    ),
    met: metOf(honest),
    ...sum,
    energyWh: { portal: rolled.energyWh, truth: trueWh },
    rolledUpSamples: rolled.samples,
    sumsEqual,
    controls,
    controlCaught,
    seconds: Math.round((performance.now() - began) / 1000),
    isProven: isClean(sum) && sumsEqual && controlCaught,
  }
}

const isClean = ({ lost, unexpected, duplicated, samples }: Findings) =>
  lost + unexpected + duplicated === 0 && samples > 0

/** Counts and sums to the last one; energy as far as doubles add up. */
const areEqual = (rolled: Awaited<ReturnType<typeof rolledUp>>, sum: Findings, trueWh: number) =>
  rolled.raw.samples === sum.samples &&
  rolled.raw.wattsSum === sum.wattsSum &&
  rolled.raw.thsSum === sum.thsSum &&
  rolled.samples === sum.samples &&
  Math.abs(rolled.energyWh - trueWh) <= trueWh * 1e-6

/** How often the faults of the way met somebody. */
function metOf(edges: readonly SimulatedEdge[]) {
  const met: Record<string, number> = {}
  for (const { proxy, kills } of edges) {
    for (const [kind, times] of Object.entries(proxy.met)) met[kind] = (met[kind] ?? 0) + times
    met.kill_edge = (met.kill_edge ?? 0) + kills
  }
  return met
}

async function rollUpAll(tenant: TestTenant, say: Stage['say']) {
  let sum = 0
  for (;;) {
    const count = await asSystem(tenant, () => rollUpNext(new Date()))
    if (count === 0) break
    sum += count
  }
  say(`rolled up ${sum} times five minutes that the worker had left`)
}
