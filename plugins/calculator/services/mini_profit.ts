import type { HttpContext } from '@adonisjs/core/http'
import { messagesOf } from '#core/messages'
import type CatalogueModel from '../models/catalogue_model.js'
import { profitValidator } from '../validators.js'
import { contextFor } from './input_context.js'
import type { InputName } from './inputs.js'
import { presentAnswer } from './present_answer.js'
import { priceMiner, type ProfitAnswer } from './price_miner.js'
import { badgeOf } from './form_fields.js'

/** What the small calculator asks; the full one asks for these under the same names. */
const FIELDS = ['modelId', 'usdPerKwh', 'btcUsd', 'difficulty'] as const
type Field = (typeof FIELDS)[number]
export type MiniQuery = Partial<Record<Field, string>>

/** Said on the page to be an example: nobody's tariff, and never used once something is typed. */
export const EXAMPLE_USD_PER_KWH = '0.05'

/** Figures that age within hours. */
const MARKET: readonly InputName[] = ['btcUsd', 'difficulty']

const SHOWN_SOURCES: readonly InputName[] = [
  'btcUsd',
  'difficulty',
  'hashrateThs',
  'subsidySats',
  'feesSatsPerBlock',
  'poolFeePct',
]

/** The fields of ours that the address answers; empty ones are left to the market. */
export function askedIn(query: Record<string, unknown>): MiniQuery {
  const given = FIELDS.map((name) => [name, query[name]] as const)
  return Object.fromEntries(given.filter(([, value]) => typeof value === 'string' && value !== ''))
}

/** The most efficient miner of the best evidence: something to start from. */
export const exampleModel = (models: readonly CatalogueModel[]) =>
  [...models].sort(
    (a, b) =>
      a.evidence.localeCompare(b.evidence) || a.powerW / a.hashrateThs - b.powerW / b.hashrateThs
  )[0]

async function answerTo(query: MiniQuery, { request, i18n }: HttpContext) {
  try {
    const question = await request.validateUsing(profitValidator, { data: query })
    return { answer: priceMiner(question, await contextFor(question, new Date())), errors: {} }
  } catch (error) {
    const errors = messagesOf(error, i18n)
    if (!errors) throw error
    return { answer: null, errors }
  }
}

/**
 * Where a tariff and its break-even lie on one line, in percent of its width. Null where no tariff
 * breaks even, or the tariff is not above 0.
 */
export function tariffScale({ breakEvenUsdPerKwh: even, sources }: ProfitAnswer) {
  const own = sources.usdPerKwh.value
  if (even === null || even <= 0 || own === null || own < 0) return null
  const end = Math.max(even, own) * 1.25
  const percent = (value: number) => Math.round((value / end) * 1000) / 10
  return { even: percent(even), own: percent(own) }
}

const MISSING = { answer: null, shown: null, scale: null, sources: [] }

/** The small calculator's answer to the address, by the same function as the full one. */
export async function miniProfit(ctx: HttpContext, query = askedIn(ctx.request.qs())) {
  const { answer, errors } = await answerTo(query, ctx)
  const fullUrl = `/calculator?${new URLSearchParams(query as Record<string, string>)}`
  if (!answer) return { ...MISSING, query, fullUrl, errors: errors as Record<string, string[]> }
  const evidence = answer.model?.evidence ?? ''
  const source = (name: InputName) => badgeOf(answer.sources[name], { evidence, i18n: ctx.i18n })
  return {
    query,
    fullUrl,
    errors: {} as Record<string, string[]>,
    answer,
    shown: presentAnswer(answer, ctx.i18n),
    scale: tariffScale(answer),
    isOld: MARKET.some((name) => source(name)?.state === 'old'),
    sources: SHOWN_SOURCES.map((name) => ({ name, source: source(name) })),
  }
}
