import type { I18n } from '@adonisjs/i18n'
import { defineError, E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { bestOf, differ } from '../domain/compare.js'
import Scenario from '../models/scenario.js'
import { loadContext } from './input_context.js'
import { attempt, type Fields, type ScenarioAnswer } from './scenario_answer.js'
import { figuresOf, rankOf, type ShownFigure, shownFigure, textOf } from './scenario_figures.js'
import type { AnswerInput } from './answer_input.js'
import { inputsOf } from './scenario_inputs.js'

export const MOST_COMPARED = 4

/** More scenarios than fit side by side. */
export const E_TOO_MANY_COMPARED = defineError(
  'Up to four scenarios fit side by side',
  'E_TOO_MANY_COMPARED',
  422
)

/** One answer beside others. */
export interface Column {
  title: string
  /** What was asked. */
  query: Fields
  answer: ScenarioAnswer | null
  /** Why there is no answer. */
  problems: string[]
}

export interface ScenarioColumn extends Column {
  scenario: Scenario
}

/** The ids of an address, `ids=a,b` or `ids=a&ids=b`, each once. Throws for a fifth. */
export function comparedIds({ ids }: Record<string, unknown>): string[] {
  const given = [ids].flat().flatMap((part) => (typeof part === 'string' ? part.split(',') : []))
  const unique = [...new Set(given.map((id) => id.trim()).filter((id) => id !== ''))]
  if (unique.length > MOST_COMPARED) throw new E_TOO_MANY_COMPARED()
  if (!unique.every(isId)) throw new E_NOT_FOUND()
  return unique
}

/**
 * These scenarios in this order, all answered at the same moment on the same market values. One
 * that is not there, or is somebody else's, is E_NOT_FOUND.
 */
export async function scenarioColumns(ids: readonly string[], i18n: I18n) {
  const rows: Scenario[] = ids.length ? await Scenario.query().whereIn('id', [...ids]) : []
  const byId = new Map(rows.map((row) => [row.id, row]))
  const scenarios = ids.map((id) => byId.get(id.toLowerCase()))
  if (scenarios.some((one) => !one)) throw new E_NOT_FOUND()
  return answered(scenarios as Scenario[], i18n)
}

/** Each scenario with its answer on one context. */
export async function answered(scenarios: readonly Scenario[], i18n: I18n) {
  const modelIds = scenarios.map(({ question }) => question.query.modelId).filter((id) => isId(id))
  const context = await loadContext(new Date(), modelIds)
  return Promise.all(
    scenarios.map(async (scenario): Promise<ScenarioColumn> => {
      const tried = await attempt(scenario.question, context, i18n)
      return { scenario, title: scenario.name, query: scenario.question.query, ...tried }
    })
  )
}

export interface FigureRow {
  name: string
  label: string
  cells: (Pick<ShownFigure, 'value' | 'text' | 'why'> & { isBest: boolean })[]
  /** How the first value differs from the last, as text; null when one of them is missing. */
  change: string | null
}

export interface InputRow {
  name: string
  label: string
  cells: (AnswerInput | null)[]
  differs: boolean
}

export interface Comparison {
  columns: Column[]
  figures: FigureRow[]
  inputs: InputRow[]
}

/** Answers side by side: figures aligned, inputs that differ and the best of each row named. */
export function compare(columns: Column[], i18n: I18n): Comparison {
  const figures = columns.map(({ answer }) => (answer ? figuresOf(answer) : null))
  const inputs = columns.map(({ answer, query }) =>
    answer ? inputsOf({ answer, query }, i18n, 'company') : null
  )
  const named = (lists: readonly ({ name: string }[] | null)[]) => [
    ...new Set(lists.flatMap((list) => (list ?? []).map(({ name }) => name))),
  ]
  const at = <T extends { name: string }>(lists: readonly (T[] | null)[], name: string) =>
    lists.map((list) => list?.find((one) => one.name === name) ?? null)
  return {
    columns,
    figures: named(figures).map((name) => figureRow(name, at(figures, name), i18n)),
    inputs: named(inputs).map((name) => {
      const cells = at(inputs, name)
      const known = cells.filter((cell) => cell !== null)
      const isEverywhere = known.length === columns.filter(({ answer }) => answer).length
      const differs = !isEverywhere || differ(known.map(({ value, text }) => value ?? text))
      return { name, label: known[0]!.label, cells, differs }
    }),
  }
}

type MaybeFigure = ReturnType<typeof figuresOf>[number] | null

function figureRow(name: string, figures: readonly MaybeFigure[], i18n: I18n): FigureRow {
  const one = figures.find((figure) => figure !== null)!
  const values = figures.map((figure) => figure?.value ?? null)
  const best = bestOf(
    figures.map((figure) => (figure ? rankOf(figure) : null)),
    one.better
  )
  return {
    name,
    label: shownFigure(one, i18n).label,
    change: changeOf(one, values, i18n),
    cells: figures.map((figure, index) => {
      const shown = figure ? shownFigure(figure, i18n) : null
      return {
        value: shown?.value ?? null,
        text: shown?.text ?? null,
        why: shown?.why ?? null,
        isBest: best[index]!,
      }
    }),
  }
}

function changeOf(
  { unit }: NonNullable<MaybeFigure>,
  values: readonly (number | null)[],
  i18n: I18n
) {
  const [first, last] = [values[0], values.at(-1)]
  if (typeof first !== 'number' || typeof last !== 'number') return null
  if (first === last) return '='
  const size = textOf({ value: Math.abs(first - last), unit }, i18n)
  return `${first > last ? '+' : '−'}${size}`
}

/** The market values behind these answers, each once, for the line that says what they share. */
export function sharedMarket(columns: readonly Column[], i18n: I18n): AnswerInput[] {
  const seen = new Map<string, AnswerInput>()
  for (const { answer, query } of columns) {
    if (!answer) continue
    for (const input of inputsOf({ answer, query }, i18n, 'company')) {
      if (input.at && !seen.has(input.name)) seen.set(input.name, input)
    }
  }
  return [...seen.values()]
}
