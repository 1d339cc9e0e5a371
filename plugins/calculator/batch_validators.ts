import vine from '@vinejs/vine'
import { DELIMITERS } from '#core/delimiter'
import { BATCH_FIELDS, type BatchField } from './domain/batch_fields.js'
import { profitQuery } from './validators.js'

/** Inputs that can hold for the whole batch. */
export const SHARED_FIELDS = [
  'btcUsd',
  'difficulty',
  'usdPerKwh',
  'poolFeePct',
  'overheadPct',
  'fixedUsdPerDay',
  'networkHashrateThs',
  'feesSatsPerBlock',
  'subsidySats',
] as const

export type SharedField = (typeof SHARED_FIELDS)[number]

/** The same limits as in the single calculator. */
export const sharedQuery = vine.object(profitQuery.pick([...SHARED_FIELDS]))

const perField = <T>(schema: () => T) =>
  Object.fromEntries(BATCH_FIELDS.map((field) => [field, schema()])) as Record<BatchField, T>

/** How a person wants the text read. What is left out stays as it was guessed. */
export const readingValidator = vine.create({
  delimiter: vine.enum(DELIMITERS).optional(),
  decimal: vine.enum(['.', ','] as const).optional(),
  hasHead: vine.boolean().optional(),
  /** The separator and head that the columns below belong to. */
  seen: vine.string().maxLength(20).optional(),
  columns: vine
    .object(perField(() => vine.number().withoutDecimals().range([0, 99]).optional()))
    .optional(),
  units: vine.object(perField(() => vine.string().maxLength(12).optional())).optional(),
  shared: sharedQuery.clone().optional(),
})

export const pasteValidator = vine.create({
  text: vine.string().minLength(1).maxLength(250_000),
  name: vine.string().trim().maxLength(120).optional(),
})
