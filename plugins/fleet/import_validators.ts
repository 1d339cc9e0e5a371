import vine from '@vinejs/vine'
import { DELIMITERS } from '#core/delimiter'
import { IMPORT_FIELDS, type ImportField } from './domain/import_fields.js'

const perField = <T>(schema: () => T) =>
  Object.fromEntries(IMPORT_FIELDS.map((field) => [field, schema()])) as Record<ImportField, T>

/** Which column says what, and the site of rows that name none. */
export const mappingValidator = vine.create({
  columns: vine
    .object(perField(() => vine.number().withoutDecimals().range([0, 99]).nullable().optional()))
    .optional(),
  units: vine.object(perField(() => vine.string().maxLength(8).nullable().optional())).optional(),
  siteId: vine.string().uuid().nullable().optional(),
})

/** How the text is cut into cells. */
export const separatorsValidator = vine.create({
  delimiter: vine.enum(DELIMITERS).optional(),
  decimal: vine.enum(['.', ','] as const),
  hasHead: vine.boolean(),
})

/** The check that the person saw. */
export const planValidator = vine.create({
  plan: vine.string().regex(/^[0-9a-f]{64}$/),
})
