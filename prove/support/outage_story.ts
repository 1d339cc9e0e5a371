import type { Sample } from '#edge/protocol/sample'
import { keyOf, sampleAt, thsAt, wattsAt } from './edge_story.js'

export interface OutageScale {
  hours: number
  miners: number
  pollMs: number
  /** How long readings are gathered, while the portal is away and after. */
  flushMs: number
  liveFlushMs: number
  heartbeatMs: number
  /** Bound of the queue. */
  queueBytes: number
  /** Scans of which a report is written while the portal is away. */
  scans: number
}

const MEGABYTE = 1024 * 1024
/** A collector of 3,000 miners has 512 MB: each miner's share of the bound. */
const QUEUE_BYTES_PER_MINER = (512 * MEGABYTE) / 3000

/** The paces of the collector itself. */
const FULL = {
  hours: 72,
  miners: 500,
  pollMs: 30_000,
  flushMs: 5000,
  liveFlushMs: 5000,
  heartbeatMs: 20_000,
  scans: 12,
}
/** Fewer readings in fewer batches; the hours are the same. */
export const SHORT_OUTAGE: OutageScale = {
  hours: 72,
  miners: 40,
  pollMs: 120_000,
  flushMs: 120_000,
  liveFlushMs: 1000,
  heartbeatMs: 300_000,
  scans: 4,
  queueBytes: 5 * MEGABYTE,
}

type Asked = Partial<
  Record<'hours' | 'miners' | 'poll-seconds' | 'flush-seconds' | 'queue-mb', string>
> & {
  short?: boolean
}

/** What was asked for on the command line. */
export function outageScale(asked: Asked): OutageScale {
  const scale = { ...(asked.short ? SHORT_OUTAGE : { ...FULL, queueBytes: 0 }) }
  if (asked.hours) scale.hours = Number(asked.hours)
  if (asked.miners) scale.miners = Number(asked.miners)
  if (asked['poll-seconds']) scale.pollMs = Number(asked['poll-seconds']) * 1000
  if (asked['flush-seconds']) scale.flushMs = Number(asked['flush-seconds']) * 1000
  if (asked['queue-mb']) scale.queueBytes = Number(asked['queue-mb']) * MEGABYTE
  else if (!asked.short) scale.queueBytes = Math.round(scale.miners * QUEUE_BYTES_PER_MINER)
  return scale
}

const EDGE = 0

/** Spread over 32 bits, the same everywhere. */
const mixed = (value: number): number => {
  const once = Math.imul(value ^ (value >>> 16), 0x45d9_f3b)
  const twice = Math.imul(once ^ (once >>> 16), 0x45d9_f3b)
  return (twice ^ (twice >>> 16)) >>> 0
}

/**
 * All readings of a site in their order, each with a number: the miners one after the other, evenly
 * over the interval, as the poller has it.
 */
export class OutageStory {
  readonly startAt: number
  readonly miners: number
  readonly pollMs: number

  constructor(startAt: number, { miners, pollMs }: Pick<OutageScale, 'miners' | 'pollMs'>) {
    this.startAt = startAt
    this.miners = miners
    this.pollMs = pollMs
  }

  atOf = (no: number): number => this.startAt + Math.floor((no * this.pollMs) / this.miners)
  minerOf = (no: number): number => no % this.miners
  tickOf = (no: number): number => Math.floor(no / this.miners)
  noOf = (miner: number, tick: number): number => tick * this.miners + miner
  keyOf = (miner: number): string => keyOf(EDGE, miner)
  wattsOf = (no: number): number => wattsAt(EDGE, this.minerOf(no), this.tickOf(no))
  thsOf = (no: number): number => thsAt(EDGE, this.minerOf(no), this.tickOf(no))

  /** A reading with the noise of a real one: it must not compress better than those. */
  sampleOf(no: number): Sample {
    const noise = mixed(no)
    const order = {
      folder: '',
      edge: EDGE,
      miners: this.miners,
      ticks: 0,
      tickMs: 0,
      startAt: this.startAt,
      stepMs: this.pollMs,
      sabotage: null,
    }
    return {
      ...sampleAt(order, this.minerOf(no), this.tickOf(no)),
      at: this.atOf(no),
      poll_ms: 60 + (noise % 90),
      hashrate_avg_ths: 108 + (noise % 4000) / 1000,
      wattage_limit_w: 3600,
      temp_inlet_c: 22 + (mixed(noise) % 60) / 10,
      temp_outlet_c: 48 + (mixed(noise + 1) % 90) / 10,
      temp_max_c: 70 + (mixed(noise + 2) % 9),
      fan_min_rpm: 5400 + (mixed(noise + 3) % 120),
      fan_max_rpm: 5600 + (mixed(noise + 4) % 120),
      shares_accepted: this.tickOf(no) * 9 + (noise % 5),
    }
  }
}
