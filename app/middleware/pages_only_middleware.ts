import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { E_NOT_FOUND } from '#core/errors'

/** Keeps sessions and cookies away from addresses of programs and files that are not there. */
export default class PagesOnlyMiddleware {
  handle({ request }: HttpContext, next: NextFn) {
    if (/^\/(api|edge|assets)(\/|$)/.test(request.url())) throw new E_NOT_FOUND()
    return next()
  }
}
