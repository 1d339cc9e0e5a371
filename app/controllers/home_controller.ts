import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { overviewOf } from '#services/overview'

/** The first page: what HashInsight is for a guest, how things are for a member. */
export default class HomeController {
  async show({ view, response, presence, i18n }: HttpContext) {
    if (!presence.user) return view.render('pages/welcome')
    if (current.can('core.home.view')) {
      return view.render('pages/home', { overview: await overviewOf(i18n) })
    }
    if (current.can('core.platform.view')) return response.redirect().toRoute('tenants.index')
    return view.render('pages/no_membership')
  }

  async switchTenant({ request, session, response, presence }: HttpContext) {
    const wanted: unknown = request.input('tenantId')
    if (!presence.memberships.some((row) => row.tenant_id === wanted)) throw new E_NOT_FOUND()
    session.put('tenantId', wanted as string)
    session.forget('siteId')
    return response.redirect('/')
  }

  async switchSite({ request, session, response }: HttpContext) {
    const wanted: unknown = request.input('siteId')
    if (!wanted) session.forget('siteId')
    else {
      if (!isId(wanted)) throw new E_NOT_FOUND()
      const { client } = current.get()
      if (!(await client.from('sites').where('id', wanted).first())) throw new E_NOT_FOUND()
      session.put('siteId', wanted)
    }
    return response.redirect().back()
  }
}
