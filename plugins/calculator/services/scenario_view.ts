import type { I18n } from '@adonisjs/i18n'
import type { Reader } from './answer_input.js'
import { presentAnswer } from './present_answer.js'
import { projectionSentence } from './present_projection.js'
import { figuresOf, shownFigure } from './scenario_figures.js'
import { type Answered, inputsOf } from './scenario_inputs.js'

/** An answer as every page of it wants it: figures, inputs with sources, lines of the formula. */
export function shownAnswer(answered: Answered, i18n: I18n, reader: Reader = 'company') {
  const { answer } = answered
  const { day, at, kind } = answer
  return {
    at,
    kind,
    count: day.count,
    miner: day.model?.label ?? i18n.t('calculator_scenarios.no_model'),
    gains: day.profitUsdPerDay >= 0,
    hasFuture: answer.future !== null,
    figures: figuresOf(answer).map((figure) => shownFigure(figure, i18n)),
    inputs: inputsOf(answered, i18n, reader),
    lines: presentAnswer(day, i18n).explain,
    futureLines: (answer.outlook?.explain ?? []).map((step) => projectionSentence(step, i18n)),
    assumptions: (answer.future?.assumptions ?? []).map((code) =>
      i18n.t(`calculator_projection.assumption.${code}`)
    ),
  }
}

export type ShownAnswer = ReturnType<typeof shownAnswer>
