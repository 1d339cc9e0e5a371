/**
 * How fast the collector finds the miners of a site, and whether it finds all: one address of ten
 * is a miner, the others refuse or are silent. Scanner and miners share this machine.
 */
import { parseRange } from '../edge-collector/protocol/ranges.js'
import { addressesOf } from '../edge-collector/src/discovery/ranges.js'
import type { ScanLimits } from '../edge-collector/src/discovery/scan.js'
import { scanRanges } from '../edge-collector/src/discovery/scan_ranges.js'
import { DRIVERS } from '../edge-collector/src/drivers/registry.js'
import { systemTime } from '../edge-collector/src/poll/time.js'
import { percentile, report } from './support/figures.js'
import { freePort } from './support/portal.js'
import { type BenchSite, openSite } from './support/scan_sites.js'

const RUNS = Number(process.argv[2] ?? 10)
/** Without a limit of connections a second: what the machine itself gives. */
const UNTHROTTLED: Partial<ScanLimits> = { connectionsPerSecond: 1_000_000 }
const SMALL = '127.32.0.0/20'
const LARGE = '127.64.0.0/16'
/** Nobody listens there. */
const NOBODY = 1

interface Case {
  name: string
  range: string
  isSilent: boolean
  runs: number
  limits?: Partial<ScanLimits>
}

const CASES: Case[] = [
  { name: 'refusing20', range: SMALL, isSilent: false, runs: RUNS },
  { name: 'refusing20Free', range: SMALL, isSilent: false, runs: RUNS, limits: UNTHROTTLED },
  { name: 'silent20', range: SMALL, isSilent: true, runs: RUNS },
  { name: 'refusing16', range: LARGE, isSilent: false, runs: 1 },
]

const ordered = (range: string) => {
  const { first, last } = parseRange(range)!
  return addressesOf([{ first, last }], 0).toSorted()
}

const scanOnce = async (site: BenchSite, { isSilent, limits }: Case, seed: number) => {
  const { range, port: rpc } = site
  // Silent machines are so on both ports.
  const ports = { rpc, http: isSilent ? rpc : NOBODY, https: NOBODY, v3: NOBODY, rest: NOBODY }
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const passed = () => (performance.now() - startedAt) / 1000
  let known = 0
  let lastFoundSeconds = 0
  const { found, addresses } = await scanRanges({
    ranges: [range],
    networks: ['127.0.0.0/8'],
    ports,
    drivers: DRIVERS,
    time: systemTime,
    seed,
    signal: new AbortController().signal,
    onProgress: (progress) => {
      if (progress.found > known) lastFoundSeconds = passed()
      known = progress.found
    },
    ...(limits ? { limits } : {}),
  })
  const seconds = passed()
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    seconds,
    lastFoundSeconds,
    cpuSeconds: (user + system) / 1e6,
    addresses,
    found: found.length,
  }
}

const tenths = (value: number) => Math.round(value * 10) / 10

const measure = async (it: Case): Promise<Record<string, number | string>> => {
  const { name, range, isSilent, runs } = it
  const port = await freePort()
  const site = await openSite({ range, addresses: ordered(range), port, isSilent })
  try {
    const results: Awaited<ReturnType<typeof scanOnce>>[] = []
    for (let run = 0; run < runs; run++) results.push(await scanOnce(site, it, run))
    const seconds = results.map((result) => result.seconds)
    const addresses = results[0]?.addresses ?? 0
    const found = results.reduce((sum, result) => sum + result.found, 0)
    return {
      [`${name}Addresses`]: addresses,
      [`${name}Found`]: `${found} of ${site.miners * runs}`,
      [`${name}Seconds`]: tenths(percentile(seconds, 0.5)),
      [`${name}SecondsMax`]: tenths(Math.max(...seconds)),
      // Silent addresses are asked once more when all miners are long known.
      [`${name}LastFoundSeconds`]: tenths(
        percentile(
          results.map((result) => result.lastFoundSeconds),
          0.5
        )
      ),
      [`${name}PerSecond`]: Math.round(addresses / percentile(seconds, 0.5)),
      [`${name}CpuSeconds`]: tenths(
        percentile(
          results.map((result) => result.cpuSeconds),
          0.5
        )
      ),
    }
  } finally {
    await site.close()
  }
}

const figures: Record<string, number | string> = { runs: RUNS }
for (const it of CASES) Object.assign(figures, await measure(it))
report('Scan of loopback, every tenth address a miner', figures)
