import vine from '@vinejs/vine'
import { MAX_PUE } from './domain/fleet_size.js'

/** Suffixes that people write behind difficulties and hashrates. */
const POWERS: Record<string, string> = { k: 'e3', m: 'e6', g: 'e9', t: 'e12', p: 'e15', e: 'e18' }
const QUANTITY = /^(\d+(?:[.,]\d+)?(?:e[+-]?\d+)?)\s*([kmgtpe])?$/i

/** `119.12 T` as 119120000000000; whatever is not such a quantity is left to the schema to refuse. */
export function parseQuantity(value: unknown) {
  const [, digits, suffix] = typeof value === 'string' ? (QUANTITY.exec(value.trim()) ?? []) : []
  if (!digits || !suffix) return value
  return Number(`${digits.replace(',', '.')}${POWERS[suffix.toLowerCase()]}`)
}

const positive = (max: number) => vine.number().positive().max(max)
const amount = (max: number) => vine.number().min(0).max(max)

/** One question to the calculator. What is left out is taken from the model, settings or market. */
export const profitQuery = vine.object({
  modelId: vine.string().uuid().optional(),
  count: vine.number().withoutDecimals().range([1, 10_000_000]).optional(),
  siteMw: positive(1e6).optional(),
  pue: vine.number().range([1, MAX_PUE]).optional(),
  hashrateThs: amount(1e12).optional(),
  powerW: amount(1e12).optional(),
  usdPerKwh: vine.number().range([-5, 50]).optional(),
  poolFeePct: vine.number().range([0, 100]).optional(),
  btcUsd: positive(1e9).optional(),
  difficulty: vine.number().parse(parseQuantity).positive().max(1e24).optional(),
  networkHashrateThs: positive(1e18).optional(),
  subsidySats: vine.number().withoutDecimals().range([0, 5_000_000_000]).optional(),
  feesSatsPerBlock: vine.number().withoutDecimals().range([0, 100_000_000_000]).optional(),
  overheadPct: amount(500).optional(),
  fixedUsdPerDay: amount(1e12).optional(),
})

export const profitValidator = vine.create(profitQuery)

export const ownModelValidator = vine.create({
  name: vine.string().trim().minLength(1).maxLength(80),
  hashrateThs: positive(1e9),
  powerW: positive(1e9),
  note: vine.string().trim().maxLength(200).optional(),
})
