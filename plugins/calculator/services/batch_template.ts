import type { I18n } from '@adonisjs/i18n'
import type { CsvValue } from '#core/csv'
import type { XlsxSheet } from '#core/xlsx'
import { BATCH_FIELDS, BATCH_UNITS } from '../domain/batch_fields.js'
import { fieldLabel, templateHead } from './batch_texts.js'

/** One row that shows how it is meant; the model is one of the catalogue. */
const EXAMPLE: Partial<Record<(typeof BATCH_FIELDS)[number], CsvValue>> = {
  model: 'Antminer S21',
  count: 100,
  usdPerKwh: 0.05,
  poolFeePct: 2,
}

export const templateRows = (i18n: I18n): CsvValue[][] => [
  BATCH_FIELDS.map((field) =>
    field === 'name' ? i18n.t('calculator_batch.template.example') : (EXAMPLE[field] ?? null)
  ),
]

/** The workbook to begin with: a sheet to fill in and one that explains its columns. */
export const templateSheets = (i18n: I18n): XlsxSheet[] => [
  {
    name: i18n.t('calculator_batch.template.sheet'),
    head: templateHead(i18n),
    rows: templateRows(i18n),
    widths: BATCH_FIELDS.map(() => 22),
  },
  {
    name: i18n.t('calculator_batch.template.help'),
    head: [
      i18n.t('calculator_batch.template.column'),
      i18n.t('calculator_batch.template.units'),
      i18n.t('calculator_batch.template.meaning'),
    ],
    rows: BATCH_FIELDS.map((field) => [
      fieldLabel(field, i18n),
      (BATCH_UNITS[field] ?? []).map(({ code }) => code).join(', '),
      i18n.t(`calculator_batch.explain.${field}`),
    ]),
    widths: [26, 26, 90],
  },
]
