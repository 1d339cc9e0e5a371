import vine from '@vinejs/vine'
import { moment, wholeNumber } from '#core/api'

const figure = () => vine.number()
const figureOrNull = () => vine.number().nullable()
const reason = () => vine.string().nullable()

/** An input with who says so and when it was true. */
export const sourced = vine.object({
  value: figureOrNull(),
  source: vine.enum([
    'typed',
    'catalogue',
    'own_model',
    'setting',
    'market',
    'consensus',
    'assumption',
  ]),
  detail: vine.string().nullable(),
  at: moment().nullable(),
  ageSeconds: figureOrNull(),
  quality: vine.enum(['imported', 'single', 'agreed', 'disputed']).nullable(),
})

/** The answer of the calculator as the API promises it; every figure is unrounded. */
export const profitAnswer = vine.object({
  satsPerDay: figure(),
  btcPerDay: figure(),
  grossBtcPerDay: figure(),
  btcPerDayByNetwork: figureOrNull(),
  deviationPct: figureOrNull(),
  networkReason: reason(),
  revenueUsdPerDay: figure(),
  electricityUsdPerDay: figure(),
  fixedUsdPerDay: figure(),
  profitUsdPerDay: figure(),
  kwhPerDay: figure(),
  breakEvenUsdPerKwh: figureOrNull(),
  breakEvenUsdPerKwhReason: reason(),
  breakEvenUsdPerBtc: figureOrNull(),
  breakEvenUsdPerBtcReason: reason(),
  hashpriceUsdPerPhDay: figure(),
  efficiencyJPerTh: figureOrNull(),
  efficiencyReason: reason(),
  energyShareOfRevenue: figureOrNull(),
  energyShareReason: reason(),
  booked: vine.object({
    sats: wholeNumber(),
    revenueCents: wholeNumber(),
    electricityCents: wholeNumber(),
    fixedCents: wholeNumber(),
    profitCents: wholeNumber(),
  }),
  count: figure(),
  fleet: vine.object({
    by: vine.enum(['count', 'site']),
    siteMw: figureOrNull(),
    pue: figureOrNull(),
    spareW: figureOrNull(),
  }),
  model: vine
    .object({
      id: vine.string(),
      label: vine.string(),
      evidence: vine.string().nullable(),
      note: vine.string().nullable(),
    })
    .nullable(),
  sources: vine.record(sourced.clone()),
  explain: vine.array(
    vine.object({ code: vine.string(), values: vine.record(vine.number().nullable()) })
  ),
})
