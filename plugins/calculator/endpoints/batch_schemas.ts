import vine from '@vinejs/vine'
import { moment, wholeNumber } from '#core/api'
import { sharedQuery } from '../batch_validators.js'
import { sourced } from '../schemas.js'

const figure = () => vine.number()
const text = () => vine.string()
const line = () => vine.number()

const fault = vine.object({ field: text(), key: text(), message: text() })

const figures = {
  model: text().nullable(),
  count: figure(),
  hashrateThs: figure(),
  powerW: figure(),
  usdPerKwh: figure(),
  poolFeePct: figure(),
  sats: wholeNumber(),
  revenueCents: wholeNumber(),
  electricityCents: wholeNumber(),
  fixedCents: wholeNumber(),
  profitCents: wholeNumber(),
  breakEvenUsdPerBtc: figure().nullable(),
  breakEvenUsdPerKwh: figure().nullable(),
}

const totals = vine.object({
  miners: wholeNumber(),
  sats: wholeNumber(),
  revenueCents: wholeNumber(),
  electricityCents: wholeNumber(),
  fixedCents: wholeNumber(),
  profitCents: wholeNumber(),
})

export const pricedRow = vine.object({ line: line(), name: text().nullable(), ...figures })

export const refusedRow = vine.object({
  line: line(),
  faults: vine.array(fault.clone()),
  cells: vine.array(text()),
})

/** Rows are checked one by one, so that a bad one is answered beside the good ones. */
const row = vine.object({}).allowUnknownProperties().meta({
  description:
    'name, model (by name) or modelId, count, hashrateThs, powerW, usdPerKwh, poolFeePct, overheadPct, fixedUsdPerDay, btcUsd, difficulty, networkHashrateThs',
})

export const batchQuestion = vine.object({
  name: vine.string().trim().maxLength(120).optional(),
  shared: sharedQuery.clone().optional(),
  rows: vine.array(row).minLength(1).maxLength(20_000),
})

export const batchSummary = vine.object({
  id: text().nullable(),
  name: text(),
  state: vine.enum(['draft', 'waiting', 'running', 'done', 'failed', 'cancelled']),
  failure: text().nullable(),
  rowsDone: figure(),
  rowsEstimate: figure(),
  rowsPriced: figure(),
  rowsRefused: figure(),
  totals: totals.clone(),
  pricedAt: moment().nullable(),
  sources: vine.record(sourced.clone().nullable()),
})

/** What is answered at once has rows; what goes to the background has an id to ask for. */
export const batchAnswer = vine.object({
  ...batchSummary.clone().getProperties(),
  rows: vine.array(pricedRow.clone()).nullable(),
  refused: vine.array(refusedRow.clone()).nullable(),
})
