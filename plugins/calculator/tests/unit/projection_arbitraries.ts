import fc from 'fast-check'
import type { HostingModel } from '../../domain/hosting_settlement.js'
import type { ProjectionInput } from '../../domain/projection_input.js'
import { flatTariff } from '../../domain/tariff.js'
import { projectionOf } from '../support/projections.js'

export const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })

/** Investments with a flat price of energy and no extra. */
export const plain = fc
  .record({
    hashrateThs: between(0, 100_000),
    powerW: between(0, 2_000_000),
    overheadPct: between(0, 50),
    uptimePct: between(0, 100),
    startHeight: fc.integer({ min: 800_000, max: 1_100_000 }),
    epochGrowthPct: between(-5, 8),
    poolFeePct: between(0, 10),
    btcUsd: between(1, 500_000),
    fixedUsdPerDay: between(0, 500),
    capexUsd: between(0, 1e6),
    discountPctPerYear: between(-10, 40),
    shutdownWhenNegative: fc.boolean(),
    days: fc.integer({ min: 1, max: 500 }),
    usdPerKwh: between(-0.05, 0.3),
    feesSats: fc.integer({ min: 0, max: 100_000_000 }),
  })
  .map(({ usdPerKwh, feesSats, ...rest }) => ({
    usdPerKwh,
    feesSats,
    input: projectionOf({
      ...rest,
      tariff: flatTariff(usdPerKwh),
      fees: { kind: 'constant', satsPerBlock: feesSats },
    }),
  }))

export const hosting: fc.Arbitrary<HostingModel> = fc.oneof(
  fc.record({ type: fc.constant('flat' as const), usdPerKwh: between(0, 0.2) }),
  fc.record({ type: fc.constant('passthrough_plus' as const), serviceUsdPerKwh: between(0, 0.05) }),
  fc.record({ type: fc.constant('capacity' as const), usdPerKwMonth: between(0, 20) }),
  fc.record({ type: fc.constant('per_miner' as const), usdPerMinerMonth: between(0, 30) }),
  fc.record({ type: fc.constant('profit_share' as const), hostShare: between(0, 1) }),
  fc.record({ type: fc.constant('mark_up' as const), markUpPct: between(0, 50) }),
  fc.record({
    type: fc.constant('min_commit' as const),
    usdPerKwh: between(0, 0.2),
    minKwh: between(0, 1e6),
  })
)

/** Plain investments with everything else as well. */
export const full = fc
  .record({
    plain,
    hosting: fc.option(hosting),
    degradationPctPerMonth: between(0, 5),
    demandUsdPerKwMonth: between(0, 20),
    taxRatePct: between(0, 50),
    depreciationYears: between(0.5, 8),
    pctOfCapex: between(0, 100),
    pctOfSubsidy: between(0, 20),
    poolScheme: fc.constantFrom('fpps', 'pps', 'pps_plus', 'pplns', 'solo'),
  })
  .map(({ plain: { input }, ...more }): ProjectionInput => ({
    ...input,
    hosting: more.hosting,
    degradationPctPerMonth: more.degradationPctPerMonth,
    tariff: { ...input.tariff!, demandUsdPerKwMonth: more.demandUsdPerKwMonth },
    tax: { ratePct: more.taxRatePct, depreciationYears: more.depreciationYears },
    resale: { kind: 'fixed', pctOfCapex: more.pctOfCapex },
    fees: { kind: 'share', pctOfSubsidy: more.pctOfSubsidy },
    poolScheme: more.poolScheme,
  }))

export const near = (actual: number, expected: number, rel = 1e-9) =>
  Math.abs(actual - expected) <= rel * Math.max(1, Math.abs(expected))
