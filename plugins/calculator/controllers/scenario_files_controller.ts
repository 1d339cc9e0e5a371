import type { HttpContext } from '@adonisjs/core/http'
import Scenario from '../models/scenario.js'
import { type FileKind, sendFile } from '../services/export_answer.js'
import { nowAndThen } from '../services/scenario_page.js'

/** A scenario as a file: what it says now beside what it said when it was saved. */
export default class ScenarioFilesController {
  csv(ctx: HttpContext) {
    return this.send(ctx, 'csv')
  }

  xlsx(ctx: HttpContext) {
    return this.send(ctx, 'xlsx')
  }

  private async send(ctx: HttpContext, kind: FileKind) {
    const scenario = await Scenario.named(ctx.params.id)
    const { columns } = await nowAndThen(scenario, ctx)
    return sendFile(ctx, kind, { title: scenario.name, note: scenario.note, columns })
  }
}
