import type { HttpContext } from '@adonisjs/core/http'
import { answerAsked } from '../services/asked_question.js'
import { type FileKind, sendFile } from '../services/export_answer.js'

/** The result of the question in the address as a file. */
export default class ExportsController {
  csv(ctx: HttpContext) {
    return this.send(ctx, 'csv')
  }

  xlsx(ctx: HttpContext) {
    return this.send(ctx, 'xlsx')
  }

  private async send(ctx: HttpContext, kind: FileKind) {
    const { i18n, request } = ctx
    const { question, answer } = await answerAsked(request.qs(), i18n)
    const title = answer.day.model?.label ?? i18n.t('calculator.title')
    const column = {
      title: i18n.t('calculator_scenarios.export.value'),
      query: question.query,
      answer,
      problems: [],
    }
    return sendFile(ctx, kind, { title, columns: [column] })
  }
}
