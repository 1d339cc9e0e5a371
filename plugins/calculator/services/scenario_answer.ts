import vine from '@vinejs/vine'
import type { I18n } from '@adonisjs/i18n'
import type { InputFault } from '#core/errors'
import { messagesOf, sentencesOf } from '#core/messages'
import { profitAnswer } from '../schemas.js'
import type { ProjectedMonth } from '../domain/projection.js'
import type { ProjectionStep } from '../domain/explain_projection.js'
import { projectionValidator } from '../validators_projection.js'
import { dayAnswer } from './day_answer.js'
import { dayAndFuture } from './day_and_future.js'
import { briefOf, type FutureBrief, futureBrief, withWholeNumbers } from './future_brief.js'
import type { InputContext } from './input_context.js'
import type { ProfitAnswer } from './price_miner.js'
import { isInvestment } from './projection_terms.js'

/** What can be asked of the calculator and saved. */
export const KINDS = ['day'] as const
export type Kind = (typeof KINDS)[number]

/** The fields of a question as the form sends them; what they mean is the calculator's business. */
export type Fields = Record<string, string>

export interface Question {
  kind: Kind
  query: Fields
}

/** What the calculator said to a question at a moment. */
export interface ScenarioAnswer {
  kind: Kind
  /** When it was computed, ISO 8601. */
  at: string
  day: ProfitAnswer
  /** null: the question lacks what only the future needs, or it was kept before there was one. */
  future: FutureBrief | null
  /** Only of an answer of this moment: it is not kept. */
  outlook?: { months: ProjectedMonth[]; explain: ProjectionStep[] }
  /** Why an investment that was asked about has no answer; not kept either. */
  futureFaults?: readonly InputFault[]
}

export interface Attempt {
  answer: ScenarioAnswer | null
  /** Why there is none, or none about the investment, in the words of the person. */
  problems: string[]
}

/**
 * The one place that answers a saved question: page, comparison, link, file, API and console ask
 * here. Throws BadInput or Vine's refusal when the question cannot be answered.
 */
export async function answerOf(
  { kind, query }: Question,
  context: InputContext
): Promise<ScenarioAnswer> {
  const asked = await projectionValidator.validate(query)
  const { day, future, futureFaults } = dayAndFuture(asked, context)
  const at = context.now.toISOString()
  if (!future) {
    return { kind, at, day, future, ...(isInvestment(asked) ? { futureFaults } : {}) }
  }
  const { months, explain } = future
  return { kind, at, day, future: briefOf(future), outlook: { months, explain } }
}

/** The fields of a question that its kind knows, or its refusal. Unknown and empty ones are left out. */
export async function knownFields({ query }: Question, i18n?: I18n): Promise<Fields> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value.trim() !== ''))
  const messagesProvider = i18n?.createMessagesProvider()
  const options = messagesProvider ? { messagesProvider } : {}
  const known = await projectionValidator.validate(given, options)
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in known))
}

/** The day alone, for lists: thousands of investments are no work for a request. */
export async function dayOnly(
  { kind, query }: Question,
  context: InputContext
): Promise<ScenarioAnswer> {
  const asked = await projectionValidator.validate(query)
  return { kind, at: context.now.toISOString(), day: dayAnswer(asked, context), future: null }
}

/** An answer, or the reasons why there is none at this moment. */
export async function attempt(
  question: Question,
  context: InputContext,
  i18n: I18n,
  answerBy = answerOf
): Promise<Attempt> {
  try {
    const answer = await answerBy(question, context)
    const faults = sentencesOf(answer.futureFaults ?? [], i18n)
    return { answer, problems: faults.map(({ message }) => message) }
  } catch (error) {
    const messages = messagesOf(error, i18n)
    if (!messages) throw error
    return { answer: null, problems: Object.values(messages).flat() }
  }
}

const stored = vine.create({
  kind: vine.enum(KINDS),
  at: vine.string(),
  day: profitAnswer.clone(),
})

const storedFuture = vine.create({ future: futureBrief() })

/** An answer as it is kept: whole numbers as text, which JSON can carry. */
export const asStored = ({
  outlook: _,
  futureFaults: _faults,
  ...answer
}: ScenarioAnswer): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(answer, (_name, value) => (typeof value === 'bigint' ? value.toString() : value))
  )

/** A kept answer, or null when it is not one that this version can read. */
export async function fromStored(value: unknown): Promise<ScenarioAnswer | null> {
  const [error, kept] = await stored.tryValidate(value)
  if (error) return null
  // A future that another version wrote, or none at all, must not take the day with it.
  const [, later] = await storedFuture.tryValidate(value)
  return withWholeNumbers({ ...kept, future: later?.future ?? null }) as ScenarioAnswer
}
