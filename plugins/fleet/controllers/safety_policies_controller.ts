import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { E_NOT_FOUND } from '#core/errors'
import { formOf, readForm } from '#core/form'
import { siteChoices } from '../services/page_choices.js'
import { decideSafety, safetyOf } from '../services/safety_policies.js'
import { safetySchema } from '../validators.js'

async function siteNamed(id: unknown) {
  const site = (await siteChoices()).find(({ value }) => value === id)
  if (!site) throw new E_NOT_FOUND()
  return { id: site.value, name: site.label }
}

/** What collectors of a site may do by themselves. */
export default class SafetyPoliciesController {
  async edit(ctx: HttpContext) {
    const site = await siteNamed(ctx.params.id)
    const values = { ...(await safetyOf(site.id)) }
    return ctx.view.render('fleet::collectors/safety', {
      site,
      fields: formOf(ctx, safetySchema, { values, prefix: 'fleet.field' }),
    })
  }

  async update(ctx: HttpContext) {
    const site = await siteNamed(ctx.params.id)
    await decideSafety(site, await readForm(ctx, safetySchema))
    return done(ctx, ctx.i18n.t('fleet.safety.saved', { site: site.name }), {
      to: '/fleet/collectors',
    })
  }
}
