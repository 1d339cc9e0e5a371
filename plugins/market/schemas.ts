import vine from '@vinejs/vine'
import { moment, wholeNumber } from '#core/api'
import { RANGE_CODES } from './domain/ranges.js'
import { STORED_SERIES } from './domain/series_kind.js'

const figure = () => vine.number()
const figureOrNull = () => vine.number().nullable()
const momentOrNull = () => moment().nullable()
const quality = () => vine.enum(['imported', 'single', 'agreed', 'disputed'])

export const storedValue = vine.object({
  series: vine.string(),
  value: figure(),
  source: vine.string(),
  at: moment(),
  quality: quality(),
  /** What each source said, for values that several were asked for. */
  detail: vine
    .array(
      vine.object({
        source: vine.string(),
        value: figure(),
        verdict: vine.enum(['used', 'agrees', 'differs', 'implausible', 'absurd']),
      })
    )
    .optional(),
})

export const historyQuery = vine.object({
  series: vine.enum([...STORED_SERIES, 'hashprice']),
  range: vine.enum(RANGE_CODES).optional(),
})

/** A value of null is a gap: for a while nothing was stored. */
export const historyAnswer = vine.object({
  series: vine.string(),
  unit: vine.string(),
  range: vine.string(),
  stepSeconds: figure(),
  sources: vine.array(vine.string()),
  points: vine.array(vine.object({ at: moment(), value: figureOrNull() })),
})

export const epochRow = vine.object({
  epoch: figure(),
  firstHeight: figure(),
  bits: figure(),
  difficulty: figure(),
  firstBlockAt: momentOrNull(),
  changePct: figureOrNull(),
  minutesPerBlock: figureOrNull(),
  source: vine.string(),
})

const hashprice = vine.object({
  usdPerPhDay: figure(),
  satsPerThDay: figure(),
  includesFees: vine.boolean(),
  feeShare: figureOrNull(),
  btcUsd: figure(),
  difficulty: figure(),
  subsidySats: wholeNumber(),
  feesSatsPerBlock: figureOrNull(),
  at: moment(),
  source: vine.string(),
  quality: quality(),
})

/** The hashprice, or null and what is missing for it. */
export const hashpriceAnswer = vine.object({
  hashprice: hashprice.clone().nullable(),
  hashpriceReason: vine.string().nullable(),
})

const projection = vine.object({
  changePct: figure(),
  changeLowPct: figure(),
  changeHighPct: figure(),
  meanIntervalS: figure(),
  at: momentOrNull(),
  earliest: momentOrNull(),
  latest: momentOrNull(),
})

const epochState = vine.object({
  epoch: figure(),
  firstHeight: figure(),
  nextRetargetHeight: figure(),
  height: figureOrNull(),
  heightAt: momentOrNull(),
  blocksDone: figureOrNull(),
  blocksLeft: figureOrNull(),
  progressPct: figureOrNull(),
  firstBlockAt: momentOrNull(),
  projection: projection.nullable(),
  reason: vine.string().nullable(),
  basis: vine.enum(['height', 'table']),
  source: vine.string(),
})

const halving = vine.object({
  height: figure(),
  blocksLeft: figure(),
  eraProgressPct: figure(),
  estimate: moment(),
  earliest: moment(),
  latest: moment(),
})

export const statusAnswer = vine.object({
  at: moment(),
  values: vine.array(
    vine.object({
      series: vine.string(),
      value: figure(),
      unit: vine.string(),
      source: vine.string(),
      at: moment(),
      ageSeconds: figure(),
      quality: quality(),
      isOld: vine.boolean(),
    })
  ),
  missing: vine.array(vine.string()),
  hashprice: hashprice.clone().nullable(),
  hashpriceReason: vine.string().nullable(),
  epoch: epochState.nullable(),
  halving: halving.nullable(),
  coverage: vine.array(
    vine.object({
      series: vine.string(),
      source: vine.string(),
      points: figure(),
      from: momentOrNull(),
      to: momentOrNull(),
      missingDays: figureOrNull(),
    })
  ),
})
