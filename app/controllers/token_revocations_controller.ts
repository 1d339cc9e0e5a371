import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { revokeToken } from '#services/api_tokens'
import { toast } from '#services/shell'

export default class TokenRevocationsController {
  async store(ctx: HttpContext) {
    const name = await revokeToken(String(ctx.params.id), current.get().userId!)
    toast(ctx, ctx.i18n.t('api.tokens.revoked', { name }))
    return ctx.response.redirect('/tokens')
  }
}
