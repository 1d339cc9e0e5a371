import { MOST_ADDRESSES, parseRange, sizeOf } from '../../protocol/ranges.js'
import type { FoundMiner } from '../../protocol/messages.js'
import { SITE_NETWORKS } from '../discovery/ranges.js'
import { type FoundInRanges, scanRanges, type ScanProgress } from '../discovery/scan_ranges.js'
import { describe } from '../values/text.js'
import { DRIVERS } from '../drivers/registry.js'
import { systemTime } from '../poll/time.js'
import { type Command, EXIT, type Given, type Terminal, UsageError } from './command.js'
import { credentialsOf, MINER_HELP, MINER_OPTIONS, portsOf, rangesOf } from './options.js'
import { table } from './table.js'

const LOOPBACK = '127.0.0.0/8'
const PROGRESS_MS = 500

/** All miners of some ranges, once. */
export const scan: Command = {
  name: 'scan',
  usage: '--ranges LIST [--networks LIST] [--ports LIST] [--user NAME --password WORD] [--json]',
  summary: 'find the miners of ranges of addresses',
  options: { ...MINER_OPTIONS, ranges: { type: 'string' }, networks: { type: 'string' } },
  help: `  --ranges LIST    10.1.2.0/24,10.1.3.10-10.1.3.90,10.1.4.7; nothing else is contacted
  --networks LIST  networks besides the private ones that ranges may be in
${MINER_HELP}`,
  run: async (given, terminal) => {
    const ranges = rangesOf(given, 'ranges')
    const networks = [...SITE_NETWORKS, LOOPBACK, ...rangesOf(given, 'networks')]
    check(ranges, networks, given)
    const startedAt = performance.now()
    const result = await scanRanges({
      ranges,
      networks,
      ports: portsOf(given),
      credentials: credentialsOf(given),
      drivers: DRIVERS,
      time: systemTime,
      seed: Date.now(),
      signal: terminal.signal,
      onFault: (ip, error) => terminal.err(`${ip} could not be read: ${describe(error)}`),
      ...(terminal.isWatched ? { onProgress: progressTo(terminal) } : {}),
    })
    const seconds = Math.round(performance.now() - startedAt) / 1000
    terminal.out(given.options.json ? toJson(result, seconds) : toText(result, seconds))
    if (!terminal.signal.aborted) return EXIT.done
    terminal.err('the scan was interrupted')
    return EXIT.failed
  },
}

const check = (ranges: readonly string[], networks: readonly string[], given: Given) => {
  if (given.words.length > 0) throw new UsageError(`"${given.words[0]}" is one word too many`)
  if (ranges.length === 0) throw new UsageError('--ranges is missing')
  const spans = ranges.flatMap((text) => parseRange(text) ?? [])
  const size = spans.reduce((sum, span) => sum + sizeOf(span), 0)
  if (size > MOST_ADDRESSES) {
    throw new UsageError(`--ranges: ${size} addresses, more than the ${MOST_ADDRESSES} of one scan`)
  }
  for (const text of ranges) {
    if (!isInside(text, networks)) {
      throw new UsageError(`--ranges: "${text}" is in no private network; see --networks`)
    }
  }
}

const isInside = (range: string, networks: readonly string[]): boolean => {
  const span = parseRange(range)
  return networks
    .flatMap((text) => parseRange(text) ?? [])
    .some(({ first, last }) => span !== null && first <= span.first && span.last <= last)
}

const progressTo = ({ err }: Terminal) => {
  let toldAt = -Infinity
  return ({ addresses, asked, found }: ScanProgress) => {
    const now = performance.now()
    if (now - toldAt < PROGRESS_MS) return
    toldAt = now
    err(`${asked} of ${addresses} addresses asked, ${found} miners found`)
  }
}

const toJson = (result: FoundInRanges, seconds: number) =>
  JSON.stringify({ ...result, seconds }, null, 2)

const toText = ({ found, addresses, others, silent }: FoundInRanges, seconds: number) =>
  [
    ...(found.length > 0 ? [table([HEAD, ...found.map(toRow)])] : []),
    `${found.length} miners at ${addresses} addresses in ${seconds} s; ` +
      `${others} others listen, ${silent} are silent`,
  ].join('\n')

const HEAD = ['ADDRESS', 'KEY', 'DRIVER', 'MINER', 'FIRMWARE']
const toRow = ({ ip, miner, driver, make, model, firmwareVersion }: FoundMiner) => [
  ip,
  miner,
  driver,
  [make, model].filter(Boolean).join(' ') || '-',
  firmwareVersion ?? '-',
]
