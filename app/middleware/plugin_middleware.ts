import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'

/** A plugin that the tenant switched off does not exist for it. */
export default class PluginMiddleware {
  handle(_: HttpContext, next: NextFn, { name }: { name: string }) {
    if (current.get().pluginsOff?.has(name)) throw new E_NOT_FOUND()
    return next()
  }
}
