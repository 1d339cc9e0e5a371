import { project, projectNpv } from '../../plugins/calculator/domain/projection.js'
import type { ProjectionInput } from '../../plugins/calculator/domain/projection_input.js'
import { flatTariff } from '../../plugins/calculator/domain/tariff.js'
import { percentile } from './figures.js'

const RUNS = 200
const CELLS = 81

/** A thousand miners over a horizon that crosses a halving. */
const investment = (days: number): ProjectionInput => ({
  hashrateThs: 200_000,
  powerW: 3_550_000,
  miners: 1000,
  overheadPct: 3,
  uptimePct: 97,
  degradationPctPerMonth: 0.2,
  startHeight: 919_000,
  difficulty: 119.12e12,
  epochGrowthPct: 0.5,
  fees: { kind: 'constant', satsPerBlock: 2_000_000 },
  poolScheme: 'fpps',
  poolFeePct: 2.5,
  btcUsd: 100_000,
  pricePath: { kind: 'flat' },
  tariff: flatTariff(0.05),
  hosting: null,
  fixedUsdPerDay: 100,
  capexUsd: 3_200_000,
  resale: null,
  tax: { ratePct: 25, depreciationYears: 3 },
  discountPctPerYear: 8,
  shutdownWhenNegative: true,
  startDate: '2026-11-25',
  days,
})

function medianMs(work: () => unknown) {
  for (let run = 0; run < 20; run++) work()
  const times = Array.from({ length: RUNS }, () => {
    const began = performance.now()
    work()
    return performance.now() - began
  })
  return Math.round(percentile(times, 0.5) * 100) / 100
}

/** Median times of a projection with all its returns, and of a grid of NPVs. */
export function projectionTimes() {
  const [five, ten] = [investment(1825), investment(3650)]
  const grid = Array.from({ length: CELLS }, (_, cell) => ({
    ...five,
    btcUsd: 60_000 + cell * 999,
  }))
  return {
    projection5yMs: medianMs(() => project(five)),
    projection10yMs: medianMs(() => project(ten)),
    npvGrid81Ms: medianMs(() => grid.map(projectNpv)),
  }
}
