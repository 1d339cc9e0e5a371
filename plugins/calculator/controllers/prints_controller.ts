import type { HttpContext } from '@adonisjs/core/http'
import { messagesOf } from '#core/messages'
import Scenario from '../models/scenario.js'
import { answerAsked } from '../services/asked_question.js'
import { answered } from '../services/scenario_compare.js'
import type { Answered } from '../services/scenario_inputs.js'
import { questionUrl } from '../services/scenario_store.js'
import { shownAnswer } from '../services/scenario_view.js'
import { forOthers, withoutHostCosts } from '../services/share_frozen.js'
import { noteToStrangers } from '../services/share_headers.js'
import { openShare } from '../services/share_links.js'

/** One result on one sheet of paper. */
export default class PrintsController {
  /** The question of the address. One that cannot be answered goes back to the form, which says why. */
  async show(ctx: HttpContext) {
    const { request, response, i18n } = ctx
    try {
      const { question, answer } = await answerAsked(request.qs(), i18n)
      const title = answer.day.model?.label ?? i18n.t('calculator_scenarios.no_model')
      return await this.sheet(ctx, {
        title,
        answer,
        query: question.query,
        backUrl: questionUrl(question),
      })
    } catch (error) {
      if (!messagesOf(error, i18n)) throw error
      return response.redirect().withQs().toPath('/calculator')
    }
  }

  async scenario(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    const [column] = await answered([scenario], ctx.i18n)
    const backUrl = `/calculator/scenarios/${scenario.id}`
    if (!column?.answer) return ctx.response.redirect().toPath(backUrl)
    const { name: title, note } = scenario
    const { answer, query } = column
    return this.sheet(ctx, { title, note, answer, query, backUrl })
  }

  async shared(ctx: HttpContext) {
    const { token } = ctx.params
    const { name: title, sharedBy, sharedAt, answer, again: query } = await openShare(token)
    noteToStrangers(ctx)
    const backUrl = `/calculator/shared/${token}`
    return this.sheet(ctx, {
      title,
      answer,
      query,
      backUrl,
      shared: { by: sharedBy, at: sharedAt },
    })
  }

  private async sheet({ view, i18n }: HttpContext, { answer, query, ...sheet }: Sheet) {
    return view.render('calculator::print/show', {
      note: null,
      shared: null,
      ...sheet,
      // Paper is passed on: nobody on it is "you", and the host's margin is not on it.
      shown: shownAnswer(
        { answer: forOthers(answer), query: withoutHostCosts(query) },
        i18n,
        'public'
      ),
    })
  }
}

interface Sheet extends Answered {
  title: string
  note?: string | null
  backUrl: string
  shared?: { by: string; at: Date }
}
