import vine from '@vinejs/vine'
import { wholeNumber } from '#core/api'
import { POOL_SCHEMES } from './domain/pool_scheme.js'
import { LEVERS } from './domain/sensitivity.js'
import { sourced } from './schemas.js'

const figure = () => vine.number()
const figureOrNull = () => vine.number().nullable()
const text = () => vine.string()
const reason = () => vine.string().nullable()

const model = () =>
  vine.object({ id: text(), label: text(), evidence: reason(), note: reason() }).nullable()

const common = () => ({ count: figure(), model: model(), sources: vine.record(sourced.clone()) })

const books = () =>
  vine
    .object({
      host: vine
        .object({
          revenueCents: wholeNumber(),
          energyCents: wholeNumber(),
          demandCents: wholeNumber(),
          marginCents: wholeNumber(),
        })
        .nullable(),
      client: vine.object({
        grossCents: wholeNumber(),
        invoiceCents: wholeNumber(),
        netCents: wholeNumber(),
      }),
    })
    .nullable()

const bookedLines = () => ({
  sats: wholeNumber(),
  revenueCents: wholeNumber(),
  energyCents: wholeNumber(),
  demandCents: wholeNumber(),
  hostingCents: wholeNumber(),
  fixedCents: wholeNumber(),
  taxCents: wholeNumber(),
  cashCents: wholeNumber(),
  daysOff: figure(),
  books: books(),
})

const returns = () =>
  vine.object({
    npvUsd: figureOrNull(),
    npvReason: reason(),
    irrAnnual: figureOrNull(),
    irrReason: reason(),
    xirrAnnual: figureOrNull(),
    xirrReason: reason(),
    roiPct: figureOrNull(),
    roiReason: reason(),
    paybackDays: figureOrNull(),
    paybackReason: reason(),
    discountedPaybackDays: figureOrNull(),
    discountedPaybackReason: reason(),
  })

const month = () =>
  vine.object({
    month: figure(),
    day: figure(),
    days: figure(),
    height: figure(),
    difficulty: figure(),
    btcUsd: figure(),
    hashrateThs: figure(),
    uptimePct: figure(),
    kwh: figure(),
    ...bookedLines(),
    cumulativeCents: wholeNumber(),
    breakEven: vine.object({ usdPerBtc: figureOrNull(), usdPerKwh: figureOrNull() }),
  })

const uptimeRun = () =>
  vine.object({
    uptimePct: figure(),
    sats: wholeNumber(),
    cashCents: wholeNumber(),
    npvUsd: figureOrNull(),
    npvReason: reason(),
    irrAnnual: figureOrNull(),
    irrReason: reason(),
    paybackDays: figureOrNull(),
    paybackReason: reason(),
    cumulativeCents: vine.array(wholeNumber()),
  })

const varianceBand = () =>
  vine.object({
    days: figure(),
    expectedSats: figure(),
    lowSats: figure(),
    highSats: figure(),
    expectedBlocks: figure(),
    lowBlocks: figure(),
    highBlocks: figure(),
    noBlockProbability: figure(),
  })

const terms = () =>
  vine.object({
    poolScheme: vine.enum(POOL_SCHEMES),
    tariff: vine
      .object({
        blocks: vine.array(vine.object({ upToKwh: figureOrNull(), usdPerKwh: figure() })),
        demandUsdPerKwMonth: figure(),
      })
      .nullable(),
    hosting: reason(),
    pricePath: vine.object({
      kind: vine.enum(['flat', 'yearly', 'monthly', 'points']),
      growthPct: figure().optional(),
      points: vine.array(vine.object({ day: figure(), btcUsd: figure() })).optional(),
    }),
    resale: vine
      .object({
        kind: vine.enum(['half_life', 'fixed']),
        days: figure().optional(),
        pctOfCapex: figure().optional(),
      })
      .nullable(),
    tax: vine.object({ ratePct: figure(), depreciationYears: figure() }).nullable(),
    shutdownWhenNegative: vine.boolean(),
  })

const taxYear = () =>
  vine.object({
    days: figure(),
    cashUsd: figure(),
    depreciationUsd: figure(),
    disposalUsd: figure(),
    lossUsedUsd: figure(),
    taxUsd: figure(),
  })

/** The answer of the projection as the API promises it: rates unrounded, money in whole units. */
export const projectionAnswer = vine.object({
  startDate: text(),
  days: figure(),
  ...common(),
  totals: vine.object(bookedLines()),
  capexCents: wholeNumber().nullable(),
  resaleCents: wholeNumber(),
  returns: returns(),
  breakEven: vine.object({
    breakEvenUsdPerBtc: figureOrNull(),
    breakEvenUsdPerBtcReason: reason(),
    breakEvenUsdPerKwh: figureOrNull(),
    breakEvenUsdPerKwhReason: reason(),
    breakEvenDifficulty: figureOrNull(),
    breakEvenDifficultyReason: reason(),
  }),
  estimates: vine.object({
    btcPerDay: figure(),
    btcPerDayByNetwork: figureOrNull(),
    deviationPct: figureOrNull(),
    deviationLevel: vine.enum(['agree', 'amber', 'red']).nullable(),
    networkReason: reason(),
  }),
  months: vine.array(month()),
  taxYears: vine.array(taxYear()),
  marks: vine.array(
    vine.object({
      kind: vine.enum(['halving', 'retarget']),
      day: figure(),
      height: figure(),
      value: figure(),
    })
  ),
  uptimeBand: vine.object({ low: uptimeRun(), high: uptimeRun() }).nullable(),
  variance: vine.object({ bands: vine.array(varianceBand()).nullable(), reason: reason() }),
  terms: terms(),
  assumptions: vine.array(text()),
  explain: vine.array(vine.object({ code: text(), values: vine.record(vine.number().nullable()) })),
})

const grid = () => vine.array(vine.array(figure()))

/** Bitcoin price × electricity price: rows are electricity prices, columns bitcoin prices. */
export const heatmapAnswer = vine.object({
  ...common(),
  btcUsdAxis: vine.array(figure()),
  usdPerKwhAxis: vine.array(figure()),
  used: vine.object({
    btcUsd: figure(),
    usdPerKwh: figure(),
    profitUsdPerDay: figure(),
    npvUsd: figureOrNull(),
  }),
  profitUsdPerDay: grid(),
  breakEvenUsdPerKwh: vine.array(figureOrNull()),
  npvUsd: grid().nullable(),
  npvReason: reason(),
})

/** What a change of each input alone does, widest bar first. */
export const sensitivityAnswer = vine.object({
  ...common(),
  measure: vine.enum(['npvUsd', 'profitUsdPerDay']),
  baseUsd: figure(),
  spreadPct: figure(),
  bars: vine.array(
    vine.object({
      lever: vine.enum(LEVERS),
      unit: vine.enum(['percent', 'points_per_month']),
      by: figure(),
      lowUsd: figure(),
      highUsd: figure(),
      lowChangeUsd: figure(),
      highChangeUsd: figure(),
      swingUsd: figure(),
    })
  ),
})
