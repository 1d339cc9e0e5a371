import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { shellFor, type Shell } from '#services/shell'

/** Gives every page what surrounds it: navigation, tenant and site, language, person. */
export default class ShellMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    ctx.shell = await shellFor(ctx)
    const bag = ctx.session.flashMessages.get('inputErrorsBag') as
      Record<string, string[]> | undefined
    const inputErrors = (field: string) => bag?.[field]
    ctx.view.share({ shell: ctx.shell, inputErrors })
    ctx.response.header('Vary', 'HX-Request, Accept-Language, Cookie')
    if (ctx.presence.user) ctx.response.header('Cache-Control', 'no-store')
    return next()
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    shell: Shell
  }
}
