import { energyBetween, type PowerReading } from './trapezoid.js'

/** Energy of one interval of a meter. */
export interface EnergyBlock {
  /** Its beginning, on the clock of the readings. */
  start: number
  energyWh: number
  /** Share of it that readings cover, 0 to 1. */
  coverage: number
  /** Mean power while it was covered; null when it was not at all. */
  demandW: number | null
}

export interface BlockTerms {
  blockS: number
  maxGapS: number
}

/** The blocks of a period, aligned to its beginning. Their sums are the energy of the whole. */
export function energyBlocks(
  readings: readonly PowerReading[],
  [from, to]: readonly [from: number, to: number],
  { blockS, maxGapS }: BlockTerms
): EnergyBlock[] {
  const count = Math.ceil((to - from) / blockS)
  return Array.from({ length: count }, (_, index) => {
    const start = from + index * blockS
    const end = Math.min(start + blockS, to)
    const { energyWh, coveredS } = energyBetween(readings, [start, end], maxGapS)
    return {
      start,
      energyWh,
      coverage: coveredS / (end - start),
      demandW: coveredS > 0 ? (energyWh * 3600) / coveredS : null,
    }
  })
}

/** A demand that may be billed, and when it began. */
export interface Peak {
  start: number
  demandW: number
}

/** The highest demand of the blocks that enough of was covered; the first one of equals. */
export function peakBlock(blocks: readonly EnergyBlock[], minCoverage: number): Peak | null {
  let peak: Peak | null = null
  for (const { start, demandW, coverage } of blocks) {
    if (demandW === null || coverage < minCoverage) continue
    if (!peak || demandW > peak.demandW) peak = { start, demandW }
  }
  return peak
}

/**
 * The highest demand over any three blocks in a row, the windows of a rolling demand: with blocks
 * of five minutes, fifteen that may begin anywhere on five.
 */
export function rollingPeak(blocks: readonly EnergyBlock[], minCoverage: number): Peak | null {
  const windows = blocks.slice(2).map((_, index): EnergyBlock => {
    const three = blocks.slice(index, index + 3)
    const demands = three.flatMap(({ demandW }) => demandW ?? [])
    return {
      start: three[0]!.start,
      energyWh: three.reduce((sum, { energyWh }) => sum + energyWh, 0),
      coverage: Math.min(...three.map(({ coverage }) => coverage)),
      demandW: demands.length === 3 ? demands.reduce((sum, one) => sum + one, 0) / 3 : null,
    }
  })
  return peakBlock(windows, minCoverage)
}
