import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { messagesOf } from '#core/messages'
import CatalogueModel from '../models/catalogue_model.js'
import OwnModel from '../models/own_model.js'
import plugin from '../plugin.js'
import { contextFor } from '../services/input_context.js'
import type { InputName } from '../services/inputs.js'
import { priceCurve } from '../services/price_curve.js'
import { inputOf, priceMiner, type ProfitAnswer } from '../services/price_miner.js'
import { deviationKind, presentAnswer } from '../services/present_answer.js'
import { badge, EXAMPLE_URL, EXTRA_FIELDS, fieldFor, MAIN_FIELDS } from '../services/profit_form.js'
import { profitValidator } from '../validators.js'

const NOTHING_ASKED: Outcome = { answer: null, errors: {} }

interface Outcome {
  answer: ProfitAnswer | null
  errors: Record<string, string[]>
}

/**
 * The calculator's page: a question in the address, the answer beside it. A question that is not
 * complete yet is a page like any other (200): the form asks while somebody types.
 */
export default class ProfitController {
  async show(ctx: HttpContext) {
    const { request, view, i18n } = ctx
    const query = request.qs()
    const asked = Object.values(query).some((value) => value !== '' && value !== null)
    const { answer, errors } = asked ? await this.answer(ctx) : NOTHING_ASKED
    return view.render('calculator::profit/show', {
      query,
      errors,
      answer,
      ...this.presentation(answer, ctx),
      mainFields: MAIN_FIELDS,
      extraFields: EXTRA_FIELDS,
      fieldOf: fieldFor({ query, errors, answer, i18n }),
      exampleUrl: EXAMPLE_URL,
      models: await this.models(),
      maySave: plugin.allows('scenario.edit'),
    })
  }

  private presentation(answer: ProfitAnswer | null, { i18n }: HttpContext) {
    if (!answer) return { shown: null, curve: [], lead: i18n.t('calculator.lead.ask') }
    const shown = presentAnswer(answer, i18n)
    const gains = answer.profitUsdPerDay >= 0
    const profit = gains ? shown.profit : shown.profit?.replace(/[-−]/, '')
    const lead = i18n.t(`calculator.lead.${gains ? 'gain' : 'loss'}`, {
      profit,
      btc: shown.btcPerDay,
    })
    return {
      shown,
      lead,
      curve: priceCurve(inputOf(answer)),
      deviationKind,
      sourceOf: (name: InputName) => badge(answer.sources[name], answer, i18n),
      marks: [{ value: inputOf(answer).btcUsd, label: i18n.t('calculator.chart.now') }],
    }
  }

  private async answer(ctx: HttpContext): Promise<Outcome> {
    try {
      const query = await ctx.request.validateUsing(profitValidator, {
        data: clean(ctx.request.qs()),
      })
      const answer = priceMiner(query, await contextFor(query, new Date()))
      return { answer, errors: {} }
    } catch (error) {
      const errors = messagesOf(error, ctx.i18n)
      if (!errors) throw error
      return { answer: null, errors }
    }
  }

  private async models() {
    const catalogue = await CatalogueModel.query().orderBy(['maker', 'name'])
    const own = current.get().tenantId
      ? await OwnModel.query().whereNull('archived_at').orderBy('name')
      : []
    return { catalogue, own: own as OwnModel[] }
  }
}

/** Empty fields are questions left to the market, not zeros. */
const clean = (query: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '' && value !== null))
