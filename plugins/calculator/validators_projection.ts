import vine from '@vinejs/vine'
import { POOL_SCHEMES } from './domain/pool_scheme.js'
import { entriesOf } from './domain/compact_list.js'
import { profitQuery } from './validators.js'

/** How a host may charge; `none` is an owner who runs the machines. */
export const HOSTING_TYPES = [
  'none',
  'flat',
  'passthrough_plus',
  'capacity',
  'per_miner',
  'profit_share',
  'mark_up',
  'min_commit',
] as const

const range = (low: number, high: number) => vine.number().range([low, high])
const amount = (max: number) => vine.number().min(0).max(max)
const whole = (low: number, high: number) => vine.number().withoutDecimals().range([low, high])

const tariffBlocks = () =>
  vine
    .array(
      vine.object({
        upToKwh: vine.number().positive().max(1e12).nullable(),
        usdPerKwh: range(-5, 50),
      })
    )
    .minLength(1)
    .maxLength(50)
    .parse((value) => entriesOf(value, ['upToKwh', 'usdPerKwh']))

const pricePoints = () =>
  vine
    .array(vine.object({ day: whole(0, 36_500), btcUsd: vine.number().positive().max(1e9) }))
    .minLength(1)
    .maxLength(500)
    .parse((value) => entriesOf(value, ['day', 'btcUsd']))

const axis = (item: () => ReturnType<typeof vine.number>) =>
  vine
    .array(item())
    .minLength(2)
    .maxLength(15)
    .parse((value) => entriesOf(value, []))

/**
 * A question about an investment: the daily question and what is assumed about the future. What is
 * left out is an assumption that the answer names; lists are JSON or compact text
 * (`1000:0.05, 5000:0.045, *:0.04`).
 */
const future = {
  startDate: vine
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
  startHeight: whole(0, 20_000_000).optional(),
  days: whole(1, 7300).optional(),
  capexUsd: amount(1e12).optional(),
  capexUsdPerMiner: amount(1e9).optional(),
  difficultyGrowthPctPerMonth: range(-50, 100).optional(),
  difficultyGrowthPctPerEpoch: range(-50, 100).optional(),
  priceGrowthPctPerMonth: range(-90, 100).optional(),
  priceGrowthPctPerYear: range(-99, 1000).optional(),
  pricePoints: pricePoints().optional(),
  feesPctOfSubsidy: amount(1000).optional(),
  poolScheme: vine.enum(POOL_SCHEMES).optional(),
  poolSharePct: vine.number().positive().max(100).optional(),
  uptimePct: range(0, 100).optional(),
  plannedDowntimePct: range(0, 100).optional(),
  unplannedDowntimeLowPct: range(0, 100).optional(),
  unplannedDowntimeMidPct: range(0, 100).optional(),
  unplannedDowntimeHighPct: range(0, 100).optional(),
  degradationPctPerMonth: range(0, 50).optional(),
  tariffBlocks: tariffBlocks().optional(),
  demandUsdPerKwMonth: amount(1000).optional(),
  hosting: vine.enum(HOSTING_TYPES).optional(),
  hostingUsdPerKwh: range(0, 50).optional(),
  hostingServiceUsdPerKwh: range(0, 50).optional(),
  hostingUsdPerKwMonth: amount(10_000).optional(),
  hostingUsdPerMinerMonth: amount(100_000).optional(),
  hostingSharePct: range(0, 100).optional(),
  hostingMarkUpPct: range(0, 1000).optional(),
  hostingMinKwh: amount(1e12).optional(),
  shutdownWhenNegative: vine.boolean().optional(),
  resaleHalfLifeDays: vine.number().positive().max(36_500).optional(),
  resalePct: range(0, 100).optional(),
  taxRatePct: range(0, 100).optional(),
  depreciationYears: vine.number().positive().max(50).optional(),
  discountPctPerYear: range(-50, 500).optional(),
}

export const projectionQuery = vine.object({ ...profitQuery.getProperties(), ...future })

export const heatmapQuery = vine.object({
  ...projectionQuery.getProperties(),
  btcUsdAxis: axis(() => vine.number().positive().max(1e9)).optional(),
  usdPerKwhAxis: axis(() => range(-5, 50)).optional(),
})

export const sensitivityQuery = vine.object({
  ...projectionQuery.getProperties(),
  spreadPct: vine.number().positive().max(50).optional(),
})

export const projectionValidator = vine.create(projectionQuery)
export const heatmapValidator = vine.create(heatmapQuery)
export const sensitivityValidator = vine.create(sensitivityQuery)
