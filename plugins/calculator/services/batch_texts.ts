import { usdFormat } from './formats.js'
import type { I18n } from '@adonisjs/i18n'
import { BATCH_FIELDS, BATCH_UNITS, type BatchField, isBatchField } from '../domain/batch_fields.js'
import type { BatchTotals } from '../domain/batch_totals.js'
import type { BatchFault } from './batch_rows.js'

/** What a field is called. */
export const fieldLabel = (field: string, i18n: I18n) =>
  isBatchField(field)
    ? i18n.t(`calculator_batch.field.${field}`)
    : i18n.t(`calculator.field.${field}`)

/** The head of a column in a template or an export: the field and its unit. */
export function headOf(field: BatchField, i18n: I18n) {
  const unit = BATCH_UNITS[field]?.[0]?.code
  return unit ? `${fieldLabel(field, i18n)} (${unit})` : fieldLabel(field, i18n)
}

export const templateHead = (i18n: I18n) => BATCH_FIELDS.map((field) => headOf(field, i18n))

/** One reason as a sentence that begins with the field. */
export const faultSentence = ({ field, key, args }: BatchFault, i18n: I18n) =>
  i18n.t('calculator_batch.fault.line', {
    field: fieldLabel(field === 'modelId' ? 'model' : field, i18n),
    reason: i18n.t(key, args),
  })

export const faultSentences = (faults: readonly BatchFault[], i18n: I18n) =>
  faults.map((fault) => faultSentence(fault, i18n))

/** Whole units as exact decimal text: cents with 2 digits behind the point, satoshis with 8. */
export function decimalText(units: bigint, digits: number): string {
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0')
  return `${units < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** Intl takes decimal text for a number of any size, which its types do not say everywhere. */
const format = (text: string, locale: string, options: Intl.NumberFormatOptions) =>
  new Intl.NumberFormat(locale, options).format(text as unknown as number)

export const dollars = (cents: bigint, i18n: I18n) =>
  format(decimalText(cents, 2), i18n.locale, usdFormat(2))

export const bitcoin = (sats: bigint, i18n: I18n) =>
  format(decimalText(sats, 8), i18n.locale, { minimumFractionDigits: 8, maximumFractionDigits: 8 })

/** The sums as texts of the person's language. */
export const presentTotals = (totals: BatchTotals, i18n: I18n) => ({
  miners: format(totals.miners.toString(), i18n.locale, {}),
  btc: bitcoin(totals.sats, i18n),
  revenue: dollars(totals.revenueCents, i18n),
  electricity: dollars(totals.electricityCents, i18n),
  fixed: dollars(totals.fixedCents, i18n),
  profit: dollars(totals.profitCents, i18n),
})
