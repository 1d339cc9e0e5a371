/**
 * What a collector of 3,000 miners needs: the package as sites install it, run against simulated
 * miners and a real portal, without anything of the checkout. Memory is what the kernel counts for
 * the launcher and for the collector, at its most; a round is each miner read once.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { toIp, toNumber } from '../edge-collector/protocol/ranges.js'
import { BIN, install, shippedFiles } from '../edge-collector/tests/support/packed.js'
import { report } from './support/figures.js'
import { bootApplication, startWeb } from './support/portal.js'

const MINERS = Number(process.argv[2] ?? 3000)
const MINUTES = Number(process.argv[3] ?? 3)
const BASE = '127.97.0.1'
const OFFSET = 25_000
const PORTS = { rpc: 4028 + OFFSET, http: 80 + OFFSET, v3: 4433 + OFFSET }
const MODEL = process.argv[4] ?? 'Antminer S21'
const LOOK_MS = 2000

const app = await bootApplication()
const { current } = await import('#core/current')
const { newId } = await import('#core/ids')
const { asSystem, makeSite, makeTenant } = await import('../tests/helpers.js')
const { inviteCollector } = await import('../plugins/fleet/services/enrolment.js')
const { default: Collector } = await import('../plugins/fleet/models/collector.js')
const web = await startWeb()
const folder = mkdtempSync(join(tmpdir(), 'hi-bench-collector-'))
const state = join(folder, 'state')
const children: ChildProcess[] = []

/** The packed command in plain Node. */
function edge(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(folder, BIN), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

const kibOf = (pid: number, name: string) => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}
const mib = (kib: number) => Math.round(kib / 102.4) / 10

/** The collector behind its launcher; the launcher itself where there is none. */
const childOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]) || pid

async function joinPortal() {
  const tenant = await makeTenant()
  const { code, siteId } = await asSystem(tenant, async () => {
    const id = await makeSite()
    return { siteId: id, ...(await inviteCollector('bench', { id, name: 'bench' })) }
  })
  const enrolling = edge('enroll', '--portal', web.url, '--code', code, '--state', state)
  await once(enrolling, 'close')
  const last = toIp(toNumber(BASE)! + MINERS - 1)
  await asSystem(tenant, async () => {
    const { client } = current.get()
    const collector = await client.from('fleet_collectors').where('tenant_id', tenant.id).first()
    await client.table('fleet_ranges').insert({
      tenant_id: tenant.id,
      id: newId(),
      site_id: siteId,
      collector_id: collector.id,
      addresses: `${BASE}-${last}`,
      ports: JSON.stringify(PORTS),
    })
    await Collector.renewConfig(collector.id)
  })
  const settings = {
    networks: ['127.0.0.0/8'],
    credentials: [{ addresses: `${BASE}-${last}`, user: 'root', password: 'root' }],
    ipReports: false,
  }
  writeFileSync(join(state, 'edge.json'), JSON.stringify(settings), { mode: 0o600 })
  return tenant
}

try {
  install(shippedFiles('0.1.0'), folder)
  const args = ['--models', MODEL, '--base', BASE, '--port-offset', String(OFFSET)]
  const site = edge('simulate', '--miners', String(MINERS), ...args, '--max-seconds', '0')
  await once(site.stdout!, 'data')
  const tenant = await joinPortal()
  const running = edge('run', '--state', state)
  let [launcherKib, collectorKib, answering] = [0, 0, 0]
  const until = Date.now() + MINUTES * 60_000
  while (Date.now() < until) {
    await delay(LOOK_MS)
    if (running.exitCode !== null) throw new Error(`the collector ended with ${running.exitCode}`)
    launcherKib = Math.max(launcherKib, kibOf(running.pid!, 'VmRSS'))
    collectorKib = Math.max(collectorKib, kibOf(childOf(running.pid!), 'VmRSS'))
  }
  const row = await asSystem(tenant, async () =>
    current.get().client.from('fleet_collectors').where('tenant_id', tenant.id).firstOrFail()
  )
  answering = row.miners_answering
  report('Collector', {
    miners: MINERS,
    answering,
    minutes: MINUTES,
    roundMs: Number(row.round_ms),
    queueBatches: Number(row.queue_batches),
    launcherMib: mib(launcherKib),
    collectorMib: mib(collectorKib),
  })
} finally {
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  await web.stop()
  await app.terminate()
  rmSync(folder, { recursive: true, force: true })
}
