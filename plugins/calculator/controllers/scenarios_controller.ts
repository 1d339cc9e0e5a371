import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import Scenario from '../models/scenario.js'
import plugin from '../plugin.js'
import { fieldsIn, kindIn } from '../services/asked_question.js'
import { scenarioPage } from '../services/scenario_page.js'
import { saveScenario } from '../services/scenario_store.js'
import { answersOf, scenarioRows, scenariosTable } from '../services/scenario_table.js'
import { labelValidator } from '../validators_scenarios.js'

const CSV_ROWS = 50_000

/** Saved questions to the calculator. */
export default class ScenariosController {
  async index(ctx: HttpContext) {
    const { view, i18n } = ctx
    if (wantsCsv(ctx)) {
      const answers = await answersOf(await scenarioRows().limit(CSV_ROWS), i18n)
      return sendCsv(ctx, scenariosTable(answers), scenarioRows())
    }
    const table = await tableOf(ctx, scenariosTable(), scenarioRows())
    return view.render('calculator::scenarios/index', {
      table,
      answers: await answersOf(table.rows, i18n),
      mayEdit: plugin.allows('scenario.edit'),
    })
  }

  async store(ctx: HttpContext) {
    const { request, i18n } = ctx
    const { name, note } = await request.validateUsing(labelValidator)
    const question = {
      kind: kindIn(request.input('kind')),
      query: fieldsIn(request.input('query')),
    }
    const scenario = await saveScenario({ name, note: note ?? null }, question, i18n)
    const message = i18n.t('calculator_scenarios.saved', { name })
    return done(ctx, message, { to: `/calculator/scenarios/${scenario.id}` })
  }

  async show(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    return ctx.view.render('calculator::scenarios/show', await scenarioPage(ctx, scenario))
  }

  async update(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    const { name, note } = await ctx.request.validateUsing(labelValidator)
    await scenario.rename({ name, note: note ?? null })
    const message = ctx.i18n.t('calculator_scenarios.renamed', { name })
    return done(ctx, message, { to: `/calculator/scenarios/${scenario.id}` })
  }
}
