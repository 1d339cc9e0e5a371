import type { I18n } from '@adonisjs/i18n'
import type { PageAnswer } from './calculator_page.js'
import { badgeOf } from './form_fields.js'
import { deviationKind, presentAnswer } from './present_answer.js'
import { presentBooks } from './present_books.js'
import { presentLuck } from './present_luck.js'
import { presentMonths } from './present_months.js'
import { presentProjection } from './present_projection.js'
import { presentHeat, presentTornado } from './present_risk.js'
import type { ProjectionAnswer } from './project_miner.js'
import { balanceSeries, breakEvenSeries, chartEvents, moneyOf } from './projection_view.js'

interface Place {
  i18n: I18n
  query: Record<string, string>
  errors: Record<string, string[]>
}

/** Everything the page's views need of an answer, in the language of the person. */
export function presentPage({ day, future, heat, tornado }: PageAnswer, place: Place) {
  const { i18n, query, errors } = place
  const shown = presentAnswer(day, i18n)
  const evidence = day.model?.evidence ?? ''
  const heatMeasure = query.heat === 'npv' && heat.npvUsd ? 'npv' : 'profit'
  return {
    shown,
    lead: leadOf(day.profitUsdPerDay, shown, i18n),
    deviationKind,
    badge: (name: keyof typeof day.sources) => badgeOf(day.sources[name], { evidence, i18n }),
    heatMeasure,
    heat: presentHeat(heat, heatMeasure, i18n),
    heatItems: future?.capexCents === null || !future ? null : heatItems(place, heatMeasure),
    tornado: presentTornado(tornado, i18n),
    future,
    futureProblems: future ? [] : Object.values(errors).flat(),
    ...(future ? presentFuture(future, i18n) : {}),
  }
}

function leadOf(profitUsd: number, shown: ReturnType<typeof presentAnswer>, i18n: I18n) {
  const gains = profitUsd >= 0
  return i18n.t(`calculator.lead.${gains ? 'gain' : 'loss'}`, {
    profit: gains ? shown.profit : shown.profit?.replace(/[-−]/, ''),
    btc: shown.btcPerDay,
  })
}

/** The two measures of the heat map as links that keep the question. */
const heatItems = ({ i18n, query }: Place, measure: string) =>
  ['profit', 'npv'].map((name) => ({
    label: i18n.t(`calculator.heat.${name}`),
    url: `/calculator?${new URLSearchParams({ ...query, heat: name })}#heat`,
    current: name === measure,
  }))

function presentFuture(future: ProjectionAnswer, i18n: I18n) {
  const { assumptions, explain } = presentProjection(future, i18n)
  const { price, needed } = breakEvenSeries(future)
  return {
    money: moneyOf(future, i18n),
    sourceOf: (name: keyof typeof future.sources) => future.sources[name],
    balance: balanceLines(future, i18n),
    needed: [
      { name: i18n.t('calculator.future.assumedPrice'), data: price },
      { name: i18n.t('calculator.future.neededPrice'), data: needed, color: 'info' },
    ],
    events: chartEvents(future, i18n),
    books: presentBooks(future, i18n),
    luck: presentLuck(future, i18n),
    monthRows: presentMonths(future, i18n),
    assumptions,
    futureExplain: explain,
  }
}

/** The balance, between the balances of the least and the most downtime where these differ. */
function balanceLines(future: ProjectionAnswer, i18n: I18n) {
  const line = (name: string, cumulative: readonly bigint[], more: object = {}) => ({
    name: i18n.t(`calculator.future.${name}`),
    data: balanceSeries(future, cumulative),
    ...more,
  })
  const own = future.months.map(({ cumulativeCents }) => cumulativeCents)
  const band = future.uptimeBand
  return [
    line('balance', own),
    ...(band
      ? [
          line('leastDowntime', band.high.cumulativeCents, { dashed: true }),
          line('mostDowntime', band.low.cumulativeCents, { dashed: true }),
        ]
      : []),
  ]
}
