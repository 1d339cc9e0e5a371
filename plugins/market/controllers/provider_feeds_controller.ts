import type { HttpContext } from '@adonisjs/core/http'
import vine from '@vinejs/vine'
import { moveFeed, switchFeed } from '../services/provider_changes.js'
import { tryNow } from '../services/provider_trial.js'
import { feedNamed, type FeedState } from '../services/provider_state.js'

const direction = vine.create({ direction: vine.enum(['up', 'down']) })

const named = ({ params }: HttpContext) => feedNamed(params.datum, params.provider)

/** Back to the list at the datum that was changed; htmx loads it anew. */
function done({ response, session, request, i18n }: HttpContext, state: FeedState, key: string) {
  const message = i18n.t(`market_feeds.done.${key}`, {
    name: state.provider.title,
    datum: i18n.t(`market_feeds.datum.${state.datum}`),
  })
  session.flash('toasts', [{ kind: 'good', message }])
  if (!request.header('HX-Request')) {
    return response.redirect().toPath(`/market/providers#${state.datum}`)
  }
  response.header('HX-Refresh', 'true')
  return response.status(200).send('')
}

/** One provider of one datum: its place, whether it is asked, and a try. */
export default class ProviderFeedsController {
  async move(ctx: HttpContext) {
    const state = await named(ctx)
    const wish = await ctx.request.validateUsing(direction)
    await moveFeed(state, wish.direction)
    return done(ctx, state, 'moved')
  }

  async store(ctx: HttpContext) {
    const state = await named(ctx)
    await switchFeed(state, true)
    return done(ctx, state, 'enabled')
  }

  async destroy(ctx: HttpContext) {
    const state = await named(ctx)
    await switchFeed(state, false)
    return done(ctx, state, 'disabled')
  }

  /** Asks it now and shows what it answered, or the exact refusal. */
  async try(ctx: HttpContext) {
    const state = await named(ctx)
    const { report, reading } = await tryNow(state)
    return ctx.view.render('market::providers/trial', {
      datum: state.datum,
      label: state.provider.title,
      source: state.feed.source ?? state.provider.title,
      report,
      reading,
    })
  }
}
