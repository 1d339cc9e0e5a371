import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { E_FORBIDDEN } from '#core/errors'
import { createToken, listTokens, MAX_TOKEN_DAYS } from '#services/api_tokens'
import { scopeChoices } from '#services/scope_choices'
import { tokenForm } from '#validators/api'

interface Made {
  name: string
  text: string
}

/** The API tokens of the person who looks at them. */
export default class TokensController {
  index(ctx: HttpContext) {
    return this.draw(ctx, null)
  }

  /** Answers with the page itself: after a redirect the secret would have to wait in the session. */
  async store(ctx: HttpContext) {
    const { userId, role } = current.get()
    if (!userId || !ctx.presence.membership) throw new E_FORBIDDEN(['core.token.edit'])
    const wish = await ctx.request.validateUsing(tokenForm)
    const { text } = await createToken({ userId, role, ...wish })
    return this.draw(ctx, { name: wish.name, text })
  }

  private async draw({ view, i18n }: HttpContext, made: Made | null) {
    const { userId, role } = current.get()
    const tokens = await listTokens(userId!)
    return view.render('pages/tokens/index', {
      made,
      tokens: tokens.map((token) => ({ ...token, expired: token.expires_at <= new Date() })),
      groups: await scopeChoices(role, i18n),
      maxDays: MAX_TOKEN_DAYS,
    })
  }
}
