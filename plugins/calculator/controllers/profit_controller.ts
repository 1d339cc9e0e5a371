import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import CatalogueModel from '../models/catalogue_model.js'
import OwnModel from '../models/own_model.js'
import plugin from '../plugin.js'
import { isAsked, SECTIONS } from '../services/calculator_form.js'
import {
  answerPage,
  type Outcome,
  type PageAnswer,
  readQuestion,
} from '../services/calculator_page.js'
import { fieldFor } from '../services/form_fields.js'
import { contextFor, type InputContext } from '../services/input_context.js'
import { presentPage } from '../services/present_page.js'

const NOTHING_ASKED: Outcome = { answer: null, errors: {} }

/** The example is a set of assumptions, not market data: numerics of the API's golden case. */
const EXAMPLE_URL =
  '/calculator?count=1000&hashrateThs=200&powerW=3550&usdPerKwh=0.05&poolFeePct=2.5&btcUsd=100000&difficulty=119.12%20T&capexUsdPerMiner=3200&startHeight=840000'

/**
 * The calculator's page: a question in the address, the answer beside it. A question that is not
 * complete yet is a page like any other (200): the form asks while somebody types.
 */
export default class ProfitController {
  async show(ctx: HttpContext) {
    const query = ctx.request.qs() as Record<string, string>
    const context = await contextFor(query, new Date())
    const { answer, errors } = await this.answer(ctx, context)
    const place = { i18n: ctx.i18n, query, errors }
    return ctx.view.render('calculator::profit/show', {
      query,
      errors,
      answer: answer?.day ?? null,
      chosen: answer?.day.model ?? null,
      ...(answer ? presentPage(answer, place) : { lead: ctx.i18n.t('calculator.lead.ask') }),
      sections: sectionsFor(query, errors),
      fieldOf: fieldFor({ ...place, context, ...resolvedIn(answer) }),
      exampleUrl: EXAMPLE_URL,
      models: await this.models(),
      maySave: plugin.allows('scenario.edit'),
    })
  }

  private async answer(ctx: HttpContext, context: InputContext): Promise<Outcome> {
    const { heat: _, ...asked } = ctx.request.qs()
    const isAskedAnything = Object.values(asked).some((value) => value !== '' && value !== null)
    if (!isAskedAnything) return NOTHING_ASKED
    const question = await readQuestion(ctx)
    if (!question.value) return { answer: null, errors: question.errors }
    const withNpv = ctx.request.qs().heat === 'npv'
    return answerPage(question.value, context, { i18n: ctx.i18n, withNpv })
  }

  private async models() {
    const catalogue = await CatalogueModel.query().orderBy(['maker', 'name'])
    const own = current.get().tenantId
      ? await OwnModel.query().whereNull('archived_at').orderBy('name')
      : []
    return { catalogue, own: own as OwnModel[] }
  }
}

/** What the form shows of an answer: who says each figure, and of how many miners. */
const resolvedIn = (answer: PageAnswer | null) =>
  answer
    ? {
        sources: { ...answer.day.sources, ...answer.future?.sources },
        evidence: answer.day.model?.evidence ?? '',
        count: answer.day.count,
      }
    : { sources: {}, evidence: '', count: 1 }

/** The form as it is filled in now: fields that make sense, sections open where something was said. */
const sectionsFor = (query: Record<string, string>, errors: Record<string, string[]>) =>
  SECTIONS.map((section) => {
    const fields = section.fields.filter((field) => isAsked(field, query))
    return {
      ...section,
      fields,
      isOpen: fields.some(({ name }) => query[name] || errors[name]),
    }
  })
