import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { detectLocale, speak } from '#middleware/locale_middleware'

/** For what machines ask: no cookie, no session, nothing kept by anybody on the way. */
export default class MachineMiddleware {
  handle(ctx: HttpContext, next: NextFn) {
    speak(ctx, detectLocale(ctx))
    ctx.response.header('Cache-Control', 'no-store')
    return next()
  }
}
