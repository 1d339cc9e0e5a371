import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { isEmptyInstallation } from '#services/installation'
import { overviewOf } from '#services/overview'
import { isLocale } from '#middleware/locale_middleware'
import { landingFor } from '#services/landing'
import { sitesWithin } from '#services/scope'

/** The first page: what HashInsight is for a guest, how things are for a member. */
export default class HomeController {
  async show(ctx: HttpContext) {
    const { view, response, presence, i18n } = ctx
    if (!presence.user) return this.welcome(ctx)
    if (current.can('core.home.view')) {
      return view.render('pages/home', { overview: await overviewOf(i18n) })
    }
    if (current.can('core.platform.view')) return response.redirect('/tenants')
    return view.render('pages/no_membership')
  }

  private async welcome(ctx: HttpContext) {
    const { view, response, session, request } = ctx
    if (await isEmptyInstallation()) return response.redirect('/setup')
    const { lang } = request.qs()
    if (isLocale(lang)) session.put('locale', lang)
    return view.render('pages/welcome', { landing: await landingFor(ctx) })
  }

  async switchTenant({ request, session, response, presence }: HttpContext) {
    const wanted: unknown = request.input('tenantId')
    if (!presence.memberships.some((row) => row.tenant_id === wanted)) throw new E_NOT_FOUND()
    session.put('tenantId', wanted as string)
    session.forget('siteId')
    return response.redirect('/')
  }

  async switchSite({ request, session, response, presence }: HttpContext) {
    const wanted: unknown = request.input('siteId')
    if (!wanted) session.forget('siteId')
    else {
      const sites = presence.membership ? await sitesWithin(presence.membership) : []
      if (!sites.some(({ id }) => id === wanted)) throw new E_NOT_FOUND()
      session.put('siteId', wanted as string)
    }
    return response.redirect().back()
  }
}
