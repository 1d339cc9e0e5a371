import type { ProjectionInput } from '../../domain/projection_input.js'
import { flatTariff } from '../../domain/tariff.js'

/** One S21 XP without any extra: the conditions of the reference cases, rounded. */
export const FLAT: ProjectionInput = {
  hashrateThs: 270,
  powerW: 3645,
  miners: 1,
  overheadPct: 3,
  uptimePct: 100,
  degradationPctPerMonth: 0,
  startHeight: 953_568,
  difficulty: 124_932_866_006_548.16,
  epochGrowthPct: 0,
  fees: { kind: 'constant', satsPerBlock: 2_000_000 },
  poolScheme: 'fpps',
  poolFeePct: 2,
  btcUsd: 78_293.71,
  pricePath: { kind: 'flat' },
  tariff: flatTariff(0.045),
  hosting: null,
  fixedUsdPerDay: 0.25,
  capexUsd: 1000,
  resale: null,
  tax: null,
  discountPctPerYear: 0,
  shutdownWhenNegative: false,
  startDate: '2026-12-01',
  days: 400,
}

/** The same with a change. */
export const projectionOf = (change: Partial<ProjectionInput>): ProjectionInput => ({
  ...FLAT,
  ...change,
})
