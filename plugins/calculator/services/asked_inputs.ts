import type { I18n } from '@adonisjs/i18n'
import { type AnswerInput, type Reader, typedBy, written } from './answer_input.js'
import { type FormField, isAsked, SECTIONS } from './calculator_form.js'
import { RESOLVED_AS } from './form_fields.js'
import type { Fields } from './scenario_answer.js'

/**
 * What a question says beyond the inputs that its answer lists, in the order of the form: tariff
 * blocks, the host's contract, downtime, resale and the like. `known` are the names that the answer
 * resolved; a field whose figure is among them under another name is not repeated.
 */
export function askedInputs(
  query: Fields,
  known: ReadonlySet<string>,
  i18n: I18n,
  reader: Reader
): AnswerInput[] {
  const source = typedBy(reader, i18n)
  return SECTIONS.flatMap(({ fields }) => fields)
    .filter((field) => query[field.name] !== undefined && isAsked(field, query))
    .filter(({ name }) => !known.has(name) && !known.has(RESOLVED_AS[name] ?? name))
    .map((field) => ({
      name: field.name,
      label: i18n.t(LABELS[field.name] ?? `calculator.field.${field.name}`),
      ...saidIn(field, query[field.name]!, i18n),
      state: 'typed',
      source,
      at: null,
      ageSeconds: null,
      age: null,
      isSaid: true,
    }))
}

/** In the form this one reads "or …", after the count. */
const LABELS: Record<string, string> = { siteMw: 'calculator_scenarios.input.siteMw' }

/** A field of a question as text; numbers with their unit. */
function saidIn(
  { name, kind, unit = '' }: FormField,
  said: string,
  i18n: I18n
): Pick<AnswerInput, 'value' | 'unit' | 'text'> {
  if (kind === 'number') {
    const value = Number(said)
    return { value, unit, text: written(value, unit, i18n) }
  }
  const words = {
    select: () => i18n.t(`calculator.choice.${name}.${said}`),
    checkbox: () => i18n.t(`calculator_scenarios.choice.${yesOrNo(said)}`),
    text: () => said,
    date: () => said,
  }
  return { value: null, unit: '', text: words[kind]() }
}

/** The values that Vine takes for a ticked box. */
const yesOrNo = (said: string) => (['true', '1', 'on'].includes(said) ? 'yes' : 'no')
