import type { HttpContext } from '@adonisjs/core/http'
import vine from '@vinejs/vine'
import { E_NOT_FOUND } from '#core/errors'
import { formOf, readForm } from '#core/form'
import plugin from '../plugin.js'
import { providerNamed } from '../providers/registry.js'
import { areFeedsOn } from '../services/feeds_switch.js'
import { setAddress, setKey } from '../services/provider_changes.js'
import { providerOverview, providerView } from '../services/provider_overview.js'
import { everyFeed } from '../services/provider_state.js'

const PREFIX = 'market_feeds.field'

const settings = vine.object({
  baseUrl: vine.string().trim().maxLength(300).nullable().optional(),
  // Write-only: an empty one leaves the key that is set.
  apiKey: vine.string().trim().maxLength(500).nullable().optional().meta({ control: 'password' }),
})

const keyless = vine.object({ baseUrl: vine.string().trim().maxLength(300).nullable().optional() })

function named(name: unknown) {
  const provider = providerNamed(String(name))
  if (!provider) throw new E_NOT_FOUND()
  return provider
}

/** Where live figures come from, for the staff of the installation. */
export default class ProvidersController {
  async index({ view }: HttpContext) {
    return view.render('market::providers/index', {
      ...(await providerOverview()),
      areOn: areFeedsOn(),
      mayEdit: plugin.allows('provider.edit'),
    })
  }

  async edit(ctx: HttpContext) {
    const provider = named(ctx.params.provider)
    const shown = providerView(provider.name, await everyFeed())
    const values = { baseUrl: shown.hasOwnUrl ? shown.baseUrl : '' }
    const schema = provider.keyUse === 'none' ? keyless : settings
    const fields = formOf(ctx, schema, { values, prefix: PREFIX }).map((field) => ({
      ...field,
      autocomplete: field.name === 'apiKey' ? 'new-password' : 'off',
      placeholder: field.name === 'baseUrl' ? (provider.baseUrl ?? undefined) : undefined,
    }))
    return ctx.view.render('market::providers/edit', { provider: shown, fields })
  }

  async update(ctx: HttpContext) {
    const provider = named(ctx.params.provider)
    const { baseUrl, apiKey } = await readForm(ctx, settings)
    const { hasOwnUrl, baseUrl: before } = providerView(provider.name, await everyFeed())
    const url = baseUrl || null
    if (url !== (hasOwnUrl ? before : null)) await setAddress(provider, url)
    if (apiKey) await setKey(provider, apiKey)
    const message = ctx.i18n.t('market_feeds.saved', { name: provider.title })
    ctx.session.flash('toasts', [{ kind: 'good', message }])
    return ctx.response.redirect().toPath('/market/providers')
  }

  /** Takes the key away. */
  async destroy(ctx: HttpContext) {
    const provider = named(ctx.params.provider)
    await setKey(provider, null)
    const message = ctx.i18n.t('market_feeds.key_removed', { name: provider.title })
    ctx.session.flash('toasts', [{ kind: 'good', message }])
    return ctx.response.redirect().toPath('/market/providers')
  }
}
