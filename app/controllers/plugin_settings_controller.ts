import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { formOf, readForm } from '#core/form'
import { readSettings } from '#core/settings'
import { done } from '#core/answers'
import { diffOf, eventsAbout } from '#services/audit'
import { pluginToSet, storeSettings } from '#services/plugin_settings'

/** What an admin can set of a plugin; the form is generated from the plugin's own schema. */
export default class PluginSettingsController {
  async edit(ctx: HttpContext) {
    const { name, settings } = pluginToSet(ctx.params.name)
    const values = await readSettings(name, settings.defaults)
    return ctx.view.render('pages/plugins/settings', {
      name,
      diffOf,
      fields: formOf(ctx, settings.schema, { values, prefix: `${name}.setting` }),
      history: core.allows('audit.view') ? await eventsAbout('plugin_settings', name) : [],
    })
  }

  async update(ctx: HttpContext) {
    const plugin = pluginToSet(ctx.params.name)
    const values = await readForm(ctx, plugin.settings.schema)
    await storeSettings(plugin, values as Record<string, unknown>)
    return done(ctx, ctx.i18n.t('admin.saved'), { to: `/plugins/${plugin.name}/settings` })
  }
}
