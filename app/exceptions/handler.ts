import app from '@adonisjs/core/services/app'
import { ExceptionHandler, type HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { answerJson } from '#exceptions/problem'
import { answerPage } from '#exceptions/error_page'

/**
 * The one place that turns an error into an answer: a page, a fragment for htmx, or problem details.
 * No middleware sees the error, so this is also where the transaction of the request is given up.
 */
export default class HttpExceptionHandler extends ExceptionHandler {
  protected override debug = false
  protected override renderStatusPages = false

  override async handle(error: unknown, ctx: HttpContext) {
    current.abandon()
    const wantsJson = /^\/(api|edge)(\/|$)/.test(ctx.request.url())
    return wantsJson ? answerJson(error, ctx) : answerPage(error, ctx)
  }

  override async report(error: unknown, ctx: HttpContext) {
    const status = (error as { status?: number }).status ?? 500
    if (status < 500) return
    const who = current.peek()
    ctx.logger.error(
      { err: error, tenantId: who?.tenantId, actorId: who?.userId, route: ctx.route?.name },
      'request failed'
    )
    if (app.inTest && process.env.SHOW_ERRORS) console.error(error)
  }
}
