import type { I18n } from '@adonisjs/i18n'
import type { ProjectionStep } from '../domain/explain_projection.js'
import type { Lever } from '../domain/sensitivity.js'
import type { ProjectionAnswer } from './project_miner.js'

const digits = (least: number, most: number): Intl.NumberFormatOptions => ({
  minimumFractionDigits: least,
  maximumFractionDigits: most,
})

/** Name of a value → how many digits people expect of it; the first that fits. */
const FORMATS: readonly [RegExp, Intl.NumberFormatOptions][] = [
  [/UsdPerKwh$/i, digits(2, 5)],
  [/usd/i, digits(2, 2)],
  [/sats/i, digits(0, 0)],
  [/Pct$/, digits(0, 3)],
]

const formatOf = (name: string) =>
  FORMATS.find(([pattern]) => pattern.test(name))?.[1] ?? digits(0, 2)

/** The words around the figures of a projection, in the language of the person. */
export function presentProjection(answer: ProjectionAnswer, i18n: I18n) {
  return {
    assumptions: answer.assumptions.map((code) =>
      i18n.t(`calculator_projection.assumption.${code}`)
    ),
    explain: answer.explain.map((step) => projectionSentence(step, i18n)),
  }
}

/** Why a figure of a projection is missing. */
export const projectionReason = (code: string, i18n: I18n) =>
  i18n.t(`calculator_projection.reason.${code}`)

/** Name of a bar of the tornado. */
export const leverName = (lever: Lever, i18n: I18n) =>
  i18n.t(`calculator_projection.lever.${lever}`)

/** A line of the calculation with its values in it. */
export function projectionSentence({ code, values }: ProjectionStep, i18n: I18n) {
  const texts = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value === null ? '—' : new Intl.NumberFormat(i18n.locale, formatOf(name)).format(value),
    ])
  )
  return i18n.t(code, texts)
}
