/**
 * Ten thousand simulated miners of all models beside the collector on one machine: how long a scan
 * of all takes, whether it finds each as what it is, and how long it takes to read all once.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { FoundMiner } from '../edge-collector/protocol/messages.js'
import { toIp, toNumber } from '../edge-collector/protocol/ranges.js'
import { scanRanges } from '../edge-collector/src/discovery/scan_ranges.js'
import { Turnstile } from '../edge-collector/src/discovery/throttle.js'
import { readMiner } from '../edge-collector/src/drivers/read_miner.js'
import { driverNamed, DRIVERS } from '../edge-collector/src/drivers/registry.js'
import { systemTime } from '../edge-collector/src/poll/time.js'
import { FACTORIES } from '../edge-collector/src/simulator/factory.js'
import { createWire } from '../edge-collector/src/wire/miner_wire.js'
import { percentile, report } from './support/figures.js'

const MINERS = Number(process.argv[2] ?? 10_000)
const BASE = '127.96.0.1'
const OFFSET = 23_000
const PORTS = { rpc: 4028 + OFFSET, http: 80 + OFFSET, v3: 4433 + OFFSET, https: 1, rest: 1 }
const AT_ONCE = 200
const MIB = 2 ** 20

const credentialsFor = (_ip: string, driver: string) => FACTORIES[driver]?.account ?? null

const startSite = async () => {
  const args = ['simulate', '--miners', String(MINERS), '--base', BASE]
  const child = fork(
    new URL('../edge-collector/bin/hashinsight-edge.ts', import.meta.url),
    [...args, '--port-offset', String(OFFSET), '--max-seconds', '600'],
    { execArgv: ['--import=@poppinss/ts-exec'], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }
  )
  const [word] = await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])
  if (child.exitCode !== null) throw new Error(`the simulator ended with ${word}`)
  return {
    /** Of the process, as the kernel tells it. */
    memoryMib: () => rssOf(child.pid!) / MIB,
    cpuSeconds: () => cpuOf(child.pid!),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

const rssOf = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024

/** User and system, in the kernel's ticks of 10 ms. */
const cpuOf = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const tenths = (value: number) => Math.round(value * 10) / 10

const timed = async <T>(work: () => Promise<T>) => {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  const seconds = (performance.now() - startedAt) / 1000
  return { result, seconds, cpuSeconds: (user + system) / 1e6 }
}

const scanAll = () =>
  scanRanges({
    ranges: [`${BASE}-${toIp(toNumber(BASE)! + MINERS - 1)}`],
    networks: ['127.0.0.0/8'],
    ports: PORTS,
    credentialsFor,
    drivers: DRIVERS,
    time: systemTime,
    seed: 1,
    signal: new AbortController().signal,
  })

const readAll = async (found: readonly FoundMiner[]) => {
  const turns = new Turnstile(AT_ONCE)
  const milliseconds: number[] = []
  const outcomes = new Map<string, number>()
  const readOne = async ({ ip, driver }: FoundMiner) => {
    const wire = createWire({ ip, ports: PORTS, credentials: credentialsFor(ip, driver) })
    const record = await readMiner(driverNamed(driver)!, wire, Date.now)
    milliseconds.push(record.poll_ms)
    outcomes.set(record.outcome, (outcomes.get(record.outcome) ?? 0) + 1)
  }
  await Promise.all(found.map((miner) => turns.through(() => readOne(miner))))
  return { milliseconds, outcomes: Object.fromEntries(outcomes) }
}

const site = await startSite()
try {
  const scanned = await timed(scanAll)
  const { found, others } = scanned.result
  const read = await timed(() => readAll(found))
  report(`${MINERS} simulated miners of all models, all alive`, {
    miners: MINERS,
    found: found.length,
    others,
    families: new Set(found.map(({ driver }) => driver)).size,
    scanSeconds: tenths(scanned.seconds),
    scanCpuSeconds: tenths(scanned.cpuSeconds),
    readSeconds: tenths(read.seconds),
    readCpuSeconds: tenths(read.cpuSeconds),
    readsPerSecond: Math.round(found.length / read.seconds),
    readP50Ms: percentile(read.result.milliseconds, 0.5),
    readP99Ms: percentile(read.result.milliseconds, 0.99),
    outcomes: JSON.stringify(read.result.outcomes),
    collectorMib: Math.round(process.memoryUsage().rss / MIB),
    simulatorMib: Math.round(site.memoryMib()),
    simulatorCpuSeconds: tenths(site.cpuSeconds()),
  })
} finally {
  await site.stop()
}
