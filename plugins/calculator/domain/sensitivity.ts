import { epochGrowthPct, monthlyGrowthPct } from './epoch_growth.js'
import type { FeeRule } from './fee_rule.js'
import type { HostingModel } from './hosting_settlement.js'
import type { PricePath } from './price_path.js'
import type { ProfitInput } from './profit.js'
import type { ProjectionInput } from './projection_input.js'
import type { Tariff } from './tariff.js'

/** What is moved. `difficultyGrowth` moves by points a month, everything else by percent of itself. */
export const LEVERS = [
  'btcUsd',
  'difficulty',
  'difficultyGrowth',
  'electricity',
  'uptime',
  'fees',
  'poolFee',
  'hashrate',
  'power',
  'capex',
] as const
export type Lever = (typeof LEVERS)[number]

/** By how much, in percent of the value; for growth in points of percent a month. */
export interface Shift {
  lever: Lever
  by: number
}

type Change<T> = Partial<Record<Lever, (input: T, by: number) => Partial<T>>>

const scaled = (value: number, by: number) => value * (1 + by / 100)
const atMost100 = (value: number) => Math.min(100, value)

const PROJECTION: Change<ProjectionInput> = {
  btcUsd: (input, by) => ({
    btcUsd: scaled(input.btcUsd, by),
    pricePath: scaledPath(input.pricePath, by),
  }),
  difficulty: (input, by) => ({ difficulty: scaled(input.difficulty, by) }),
  difficultyGrowth: (input, by) => ({
    epochGrowthPct: epochGrowthPct(monthlyGrowthPct(input.epochGrowthPct) + by),
  }),
  electricity: (input, by) => ({
    tariff: scaledTariff(input.tariff, by),
    hosting: scaledHosting(input.hosting, by),
  }),
  uptime: (input, by) => ({ uptimePct: atMost100(scaled(input.uptimePct, by)) }),
  fees: (input, by) => ({ fees: scaledFees(input.fees, by) }),
  poolFee: (input, by) => ({ poolFeePct: atMost100(scaled(input.poolFeePct, by)) }),
  hashrate: (input, by) => ({ hashrateThs: scaled(input.hashrateThs, by) }),
  power: (input, by) => ({ powerW: scaled(input.powerW, by) }),
  capex: (input, by) => ({ capexUsd: input.capexUsd && scaled(input.capexUsd, by) }),
}

const DAY: Change<ProfitInput> = {
  btcUsd: (input, by) => ({ btcUsd: scaled(input.btcUsd, by) }),
  difficulty: (input, by) => ({ difficulty: scaled(input.difficulty, by) }),
  electricity: (input, by) => ({ usdPerKwh: scaled(input.usdPerKwh, by) }),
  fees: (input, by) => ({ feesSatsPerBlock: scaled(input.feesSatsPerBlock ?? 0, by) }),
  poolFee: (input, by) => ({ poolFeePct: atMost100(scaled(input.poolFeePct, by)) }),
  hashrate: (input, by) => ({ hashrateThs: scaled(input.hashrateThs, by) }),
  power: (input, by) => ({ powerW: scaled(input.powerW, by) }),
}

/** A projection with one lever moved; the rest stays. */
export const shiftProjection = (input: ProjectionInput, { lever, by }: Shift): ProjectionInput => ({
  ...input,
  ...PROJECTION[lever]!(input, by),
})

/** A day with one lever moved, or null where the lever has no meaning in a single day. */
export function shiftDay(input: ProfitInput, { lever, by }: Shift): ProfitInput | null {
  const change = DAY[lever]
  return change ? { ...input, ...change(input, by) } : null
}

function scaledPath(path: PricePath, by: number): PricePath {
  if (path.kind !== 'points') return path
  return {
    ...path,
    points: path.points.map(({ day, btcUsd }) => ({ day, btcUsd: scaled(btcUsd, by) })),
  }
}

function scaledTariff(tariff: Tariff | null, by: number): Tariff | null {
  if (!tariff) return null
  const blocks = tariff.blocks.map(({ upToKwh, usdPerKwh }) => ({
    upToKwh,
    usdPerKwh: scaled(usdPerKwh, by),
  }))
  return { ...tariff, blocks }
}

/** The host's own price per kWh is what the client pays for electricity. */
function scaledHosting(hosting: HostingModel | null, by: number): HostingModel | null {
  return hosting && 'usdPerKwh' in hosting
    ? { ...hosting, usdPerKwh: scaled(Number(hosting.usdPerKwh), by) }
    : hosting
}

const scaledFees = (fees: FeeRule, by: number): FeeRule =>
  fees.kind === 'constant'
    ? { ...fees, satsPerBlock: scaled(fees.satsPerBlock, by) }
    : { ...fees, pctOfSubsidy: scaled(fees.pctOfSubsidy, by) }
