import type { HttpContext } from '@adonisjs/core/http'
import { defineError } from '#core/errors'
import Scenario from '../models/scenario.js'
import { type FileKind, sendFile } from '../services/export_answer.js'
import {
  compare,
  comparedIds,
  MOST_COMPARED,
  scenarioColumns,
  sharedMarket,
} from '../services/scenario_compare.js'

const CHOICES = 200

/** A file of a comparison of nothing. */
const E_NOTHING_COMPARED = defineError('Choose scenarios to compare', 'E_NOTHING_COMPARED', 422)

/** Up to four scenarios side by side, all answered on the same market values. */
export default class ComparisonsController {
  async show({ request, view, i18n }: HttpContext) {
    const ids = comparedIds(request.qs())
    const columns = await scenarioColumns(ids, i18n)
    const urlOf = (some: readonly string[]) =>
      `/calculator/scenarios/comparison?ids=${some.join(',')}`
    return view.render('calculator::comparison/show', {
      ids,
      computedAt: columns.find(({ answer }) => answer)?.answer?.at ?? null,
      heads: columns.map(({ scenario, problems }) => ({
        name: scenario.name,
        url: `/calculator/scenarios/${scenario.id}`,
        removeUrl: urlOf(ids.filter((id) => id !== scenario.id)),
        problems,
      })),
      comparison: compare(columns, i18n),
      market: sharedMarket(columns, i18n),
      choices: ids.length < MOST_COMPARED ? await this.choices(ids) : [],
      most: MOST_COMPARED,
    })
  }

  csv(ctx: HttpContext) {
    return this.send(ctx, 'csv')
  }

  xlsx(ctx: HttpContext) {
    return this.send(ctx, 'xlsx')
  }

  private async send(ctx: HttpContext, kind: FileKind) {
    const ids = comparedIds(ctx.request.qs())
    if (ids.length === 0) throw new E_NOTHING_COMPARED()
    const columns = await scenarioColumns(ids, ctx.i18n)
    const title = ctx.i18n.t('calculator_scenarios.comparison.title')
    return sendFile(ctx, kind, { title, columns })
  }

  /** What could stand beside the chosen ones, newest first. */
  private async choices(ids: readonly string[]): Promise<{ value: string; label: string }[]> {
    const rows: Scenario[] = await Scenario.query()
      .whereNull('archived_at')
      .whereNotIn('id', [...ids])
      .orderBy('created_at', 'desc')
      .limit(CHOICES)
    return rows.map(({ id, name }) => ({ value: id, label: name }))
  }
}
