import type { I18n } from '@adonisjs/i18n'
import { BATCH_FIELDS, BATCH_UNITS, type BatchField } from '../domain/batch_fields.js'
import type Batch from '../models/batch.js'
import { type AskedReading, DELIMITER_NAMES, readAs, seenMark } from './batch_mapping.js'
import { firstPiece } from './batch_pieces.js'
import { BatchRows, isPriced } from './batch_rows.js'
import { sharedInputs } from './batch_sources.js'
import { dollars, faultSentences, fieldLabel } from './batch_texts.js'
import { type SHARED_FIELDS } from '../batch_validators.js'
import { loadContext } from './input_context.js'

/** How a batch would be read, with its first rows priced as they would be. */
export async function previewOf(batch: Batch, asked: AskedReading, i18n: I18n) {
  const { reading, rows, shared } = await readAs(batch.reading, asked, await firstPiece(batch))
  const context = await loadContext(new Date(), 'all')
  const pricer = new BatchRows(reading, shared, context)
  const mapped = BATCH_FIELDS.filter((field) => reading.columns[field])
  const shown = []
  for (const row of rows) {
    const outcome = await pricer.price(row)
    shown.push({
      line: row.line,
      raw: row.cells,
      cells: mapped.map((field) => row.cells[reading.columns[field]!.column] ?? ''),
      profit: isPriced(outcome) ? dollars(outcome.figures.booked.profitCents, i18n) : null,
      isLoss: isPriced(outcome) && outcome.figures.booked.profitCents < 0n,
      reasons: isPriced(outcome) ? [] : faultSentences(outcome.faults, i18n),
    })
  }
  return {
    reading,
    shared,
    seen: seenMark(reading),
    heads: mapped.map((field) => headShown(field, reading.columns[field]?.unit, i18n)),
    rows: shown,
    refused: shown.filter(({ profit }) => profit === null).length,
    inputs: sharedInputs(shared, context, i18n),
    hidden: hiddenFields({ ...reading, seen: seenMark(reading) }, shared),
  }
}

const headShown = (field: BatchField, unit: string | undefined, i18n: I18n) =>
  unit ? `${fieldLabel(field, i18n)} (${unit})` : fieldLabel(field, i18n)

interface Accepted {
  delimiter: string
  decimal: string
  hasHead: boolean
  seen: string
  columns: Partial<Record<string, { column: number; unit?: string }>>
}

/** What was previewed, as fields of the form that starts the work. */
function hiddenFields(reading: Accepted, shared: object): [name: string, value: string][] {
  const { delimiter, decimal, hasHead, seen, columns } = reading
  const fields: [string, string][] = [
    ['delimiter', delimiter],
    ['decimal', decimal],
    ['hasHead', String(hasHead)],
    ['seen', seen],
  ]
  for (const [field, mapped] of Object.entries(columns)) {
    if (!mapped) continue
    fields.push([`columns[${field}]`, String(mapped.column)])
    if (mapped.unit) fields.push([`units[${field}]`, mapped.unit])
  }
  for (const [field, value] of Object.entries(shared)) {
    fields.push([`shared[${field}]`, String(value)])
  }
  return fields
}

/** Columns that few files have; they wait behind a fold. */
const RARE: readonly BatchField[] = [
  'overheadPct',
  'fixedUsdPerDay',
  'btcUsd',
  'difficulty',
  'networkHashrateThs',
]

/** The controls of the mapping: a column and, where there are several, a unit for each field. */
export function mappingFields(
  { reading, rows }: Awaited<ReturnType<typeof previewOf>>,
  i18n: I18n
) {
  const choices = reading.heads.map((head, index) => ({
    value: String(index),
    label: reading.hasHead ? head || String(index + 1) : `${head}: ${rows[0]?.raw[index] ?? ''}`,
  }))
  return BATCH_FIELDS.map((field) => {
    const mapped = reading.columns[field]
    const units = BATCH_UNITS[field] ?? []
    return {
      field,
      isRare: RARE.includes(field),
      column: {
        name: `columns[${field}]`,
        id: `map-${field}`,
        type: 'select',
        label: fieldLabel(field, i18n),
        placeholder: i18n.t('calculator_batch.notInFile'),
        options: choices,
        value: mapped ? String(mapped.column) : '',
      },
      unit:
        units.length > 1 && mapped
          ? {
              name: `units[${field}]`,
              id: `unit-${field}`,
              type: 'select',
              label: i18n.t('calculator_batch.unit'),
              attrs: {
                'aria-label': i18n.t('calculator_batch.unitOf', { field: fieldLabel(field, i18n) }),
              },
              options: units.map(({ code }) => ({ value: code, label: code })),
              value: mapped.unit,
            }
          : null,
    }
  })
}

const UNITS: Partial<Record<(typeof SHARED_FIELDS)[number], string>> = {
  btcUsd: '$',
  usdPerKwh: '$/kWh',
  poolFeePct: '%',
  overheadPct: '%',
  fixedUsdPerDay: '$',
  networkHashrateThs: 'TH/s',
  feesSatsPerBlock: 'sat',
  subsidySats: 'sat',
}

interface SharedForm {
  preview: Awaited<ReturnType<typeof previewOf>>
  /** As somebody typed them. */
  typed: Record<string, string>
  errors: Record<string, string[]>
  i18n: I18n
}

/** The inputs of the whole batch as controls; an empty one shows what is used instead. */
export function sharedFields({ preview, typed, errors, i18n }: SharedForm) {
  return preview.inputs.map(({ field, value, source }) => ({
    name: `shared[${field}]`,
    id: `shared-${field}`,
    label: i18n.t(`calculator.field.${field}`),
    inputmode: 'decimal',
    autocomplete: 'off',
    unit: UNITS[field],
    value: typed[field] ?? '',
    placeholder: value === null || source.state === 'typed' ? '' : String(value),
    error: errors[`shared.${field}`],
    source,
  }))
}

/** The separators that a person can choose. */
export const delimiterChoices = (i18n: I18n) =>
  Object.entries(DELIMITER_NAMES).map(([value, name]) => ({
    value,
    label: i18n.t(`calculator_batch.delimiter.${name}`),
  }))
