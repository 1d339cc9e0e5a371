import type { I18n } from '@adonisjs/i18n'
import { usdFormat } from './formats.js'

/** Who reads: to people outside, "your company" is the company that shared. */
export type Reader = 'company' | 'public'

/** One input of an answer: its value and who says so. */
export interface AnswerInput {
  name: string
  label: string
  /** null when it is missing or no number: then the text alone says it. */
  value: number | null
  unit: string
  /** The value as text; null when it is missing. */
  text: string | null
  state: 'fresh' | 'old' | 'missing' | 'typed'
  source: string
  /** When a market value was true, ISO 8601. */
  at: string | null
  /** How old it was when the answer was computed. */
  ageSeconds: number | null
  /** The same in words; null for what has no age. */
  age: string | null
  /** Not merely assumed. */
  isSaid: boolean
}

const MONEY: Intl.NumberFormatOptions = { ...usdFormat(2), maximumFractionDigits: 6 }

/** A value with its unit; money begins with its sign. */
export function written(value: number, unit: string, i18n: I18n): string {
  const isMoney = unit.startsWith('$')
  const options = isMoney ? MONEY : { maximumFractionDigits: 6 }
  const number = new Intl.NumberFormat(i18n.locale, options).format(value)
  return isMoney ? number + unit.slice(1) : [number, unit].filter(Boolean).join(' ')
}

/** Who typed a value, as this reader may know it. */
export const typedBy = (reader: Reader, i18n: I18n) =>
  i18n.t(`${reader === 'public' ? 'calculator_scenarios' : 'calculator'}.source.typed`)
