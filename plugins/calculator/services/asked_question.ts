import type { I18n } from '@adonisjs/i18n'
import { contextFor } from './input_context.js'
import { answerOf, type Fields, type Kind, KINDS, knownFields } from './scenario_answer.js'

/** The text fields of what a browser sent; lists and nested values are no fields of a question. */
export const fieldsIn = (input: unknown): Fields =>
  Object.fromEntries(
    Object.entries((input ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)]] : []
    )
  )

/** A kind of question; a day unless another one is named. */
export const kindIn = (value: unknown): Kind => KINDS.find((kind) => kind === value) ?? 'day'

/** Answers the question of an address. Throws BadInput or Vine's refusal beside the fields. */
export async function answerAsked(input: Record<string, unknown>, i18n: I18n) {
  const kind = kindIn(input.kind)
  const query = await knownFields({ kind, query: fieldsIn(input) }, i18n)
  const answer = await answerOf({ kind, query }, await contextFor(query, new Date()))
  return { question: { kind, query }, answer }
}
