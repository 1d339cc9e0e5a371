import type { DiscoveryReport } from '#edge/protocol/messages'
import type { Sample } from '#edge/protocol/sample'

/** What a simulated edge is told when it starts. */
export interface EdgeOrder {
  folder: string
  /** Of all edges; with the number of the miner it gives the miner's address. */
  edge: number
  miners: number
  ticks: number
  /** Time here from tick to tick, milliseconds. */
  tickMs: number
  /** Time of the samples: that of the first tick, and from tick to tick. */
  startAt: number
  stepMs: number
  sabotage: 'drop' | 'double' | null
}

const hex = (value: number) => value.toString(16).padStart(2, '0').toUpperCase()

const macOf = (edge: number, miner: number) =>
  `02:50:${hex(edge >> 8)}:${hex(edge & 255)}:${hex(miner >> 8)}:${hex(miner & 255)}`
export const keyOf = (edge: number, miner: number) => `mac:${macOf(edge, miner)}`
const ipOf = (edge: number, miner: number) => `10.${edge}.${miner >> 8}.${miner & 255}`

/** Whole watts and whole TH/s: a double holds their sums exactly. */
export const wattsAt = (edge: number, miner: number, tick: number) =>
  3000 + ((edge * 131 + miner * 17 + tick * 29) % 500)
export const thsAt = (edge: number, miner: number, tick: number) =>
  100 + ((edge * 7 + miner * 3 + tick * 5) % 20)

export const timeOf = ({ startAt, stepMs }: Pick<EdgeOrder, 'startAt' | 'stepMs'>, tick: number) =>
  startAt + tick * stepMs

/** The sample of a miner at a tick; `hardware_errors` says which tick it is. */
export function sampleAt(order: EdgeOrder, miner: number, tick: number): Sample {
  const { edge } = order
  return {
    miner: keyOf(edge, miner),
    at: timeOf(order, tick),
    poll_ms: 50,
    outcome: 'ok',
    state: 'mining',
    ip: ipOf(edge, miner),
    is_mining: true,
    uptime_s: 10_000 + Math.floor((tick * order.stepMs) / 1000),
    hashrate_ths: thsAt(edge, miner, tick),
    expected_hashrate_ths: 110,
    wattage_w: wattsAt(edge, miner, tick),
    wattage_source: 'wall',
    temp_max_c: 70,
    shares_accepted: tick * 3,
    shares_rejected: 0,
    hardware_errors: tick,
  }
}

/** The scan that found all miners of an edge. */
export const scanOf = (
  order: Pick<EdgeOrder, 'edge' | 'miners'>,
  scanId: string
): DiscoveryReport => ({
  scanId,
  startedAt: Date.now(),
  finishedAt: Date.now(),
  addresses: order.miners,
  rangeId: null,
  isPartial: false,
  found: Array.from({ length: order.miners }, (_, miner) => ({
    miner: keyOf(order.edge, miner),
    ip: ipOf(order.edge, miner),
    mac: macOf(order.edge, miner),
    serial: null,
    driver: 'antminer',
    make: 'Antminer',
    model: 'S19',
    firmwareFamily: 'stock',
    firmwareVersion: null,
    hostname: null,
    evidence: 'recorded' as const,
  })),
})
