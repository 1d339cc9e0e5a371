import type { CaseHandler } from '#core/cases'
import { energyBlocks, type Peak, peakBlock, rollingPeak } from './domain/energy_blocks.js'
import { intervalsOfDay } from './domain/site_day.js'
import { energyBetween } from './domain/trapezoid.js'

const QUARTER_MINUTES = 15
const QUARTER_S = QUARTER_MINUTES * 60

const inKw = (peak: Peak | null) => peak && { start: peak.start, demand_kw: peak.demandW / 1000 }

/** Reference cases by kind: handlers rename fields and call what the product calls. */
const handlers: Record<string, CaseHandler> = {
  'billing.energy': (inputs) => {
    const { period_s: period, max_gap_s: maxGapS, min_coverage: minCoverage = 0 } = inputs
    const samples = inputs.samples_t_s_kw as [number, number][]
    const readings = samples.map(([t, kw]) => ({ t, powerW: kw * 1000 }))
    const { energyWh, coveredS } = energyBetween(readings, period, maxGapS)
    const blocks = energyBlocks(readings, period, { blockS: QUARTER_S, maxGapS })
    const fives = energyBlocks(readings, period, { blockS: QUARTER_S / 3, maxGapS })
    return {
      kwh: energyWh / 1000,
      covered_s: coveredS,
      missing_s: period[1] - period[0] - coveredS,
      blocks: blocks.map((block) => ({
        start: block.start,
        kwh: block.energyWh / 1000,
        coverage: block.coverage,
        demand_kw: block.demandW === null ? null : block.demandW / 1000,
      })),
      peak_block: inKw(peakBlock(blocks, minCoverage)),
      rolling_5min_sub_peak: inKw(rollingPeak(fives, minCoverage)),
      blocks_below_min_coverage: blocks
        .filter(({ coverage }) => coverage < minCoverage)
        .map(({ start }) => start),
    }
  },

  'billing.intervals': ({ zone, days }) =>
    Object.fromEntries(
      (days as string[]).map((day) => [day, intervalsOfDay(day, zone, QUARTER_MINUTES).length])
    ),
}

export default handlers
