import type { I18n } from '@adonisjs/i18n'
import Scenario, { type Label } from '../models/scenario.js'
import { contextFor } from './input_context.js'
import { answerOf, knownFields, type Question } from './scenario_answer.js'

/**
 * Saves a question under a name, with the answer it gets at this moment. Throws BadInput or Vine's
 * refusal when it cannot be answered: nothing is kept that has never been true.
 */
export async function saveScenario(label: Label, question: Question, i18n?: I18n) {
  const known = { ...question, query: await knownFields(question, i18n) }
  const answer = await answerOf(known, await contextFor(known.query, new Date()))
  return Scenario.keep(label, known, answer)
}

/** The same question under another name, answered anew. */
export async function copyScenario(scenario: Scenario, name: string) {
  const { question } = scenario
  const answer = await answerOf(question, await contextFor(question.query, new Date()))
  return Scenario.keep({ name, note: scenario.note }, question, answer)
}

/** The address of the calculator with the question typed. */
export const questionUrl = ({ query }: Question) => `/calculator?${new URLSearchParams(query)}`
