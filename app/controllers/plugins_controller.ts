import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { current } from '#core/current'
import { done } from '#core/answers'
import { pluginNamed, pluginStates, reachOf, switchPlugin } from '#services/plugin_switches'

/** The installed plugins, on or off for this tenant. */
export default class PluginsController {
  async index(ctx: HttpContext) {
    return ctx.view.render('pages/plugins/index', { plugins: await pluginStates() })
  }

  async show(ctx: HttpContext) {
    const plugin = pluginNamed(ctx.params.name)
    const states = await pluginStates()
    const own = states.find((one) => one.plugin.name === plugin.name)!
    const settings = plugin.settings
    return ctx.view.render('pages/plugins/show', {
      plugin,
      status: own.state,
      needs: own.needs,
      reach: await reachOf(plugin, ctx.i18n),
      mayEdit: core.allows('plugin.edit'),
      maySet:
        settings !== undefined &&
        core.allows('setting.edit') &&
        current.can(`${plugin.name}.${settings.permission}`),
    })
  }

  async store(ctx: HttpContext) {
    const { name } = await switchPlugin(ctx.params.name, true)
    const undoUrl = `/plugins/${name}/deactivation`
    return done(ctx, ctx.i18n.t('admin.plugin.enabled', { name }), { undoUrl })
  }

  async destroy(ctx: HttpContext) {
    const { name } = await switchPlugin(ctx.params.name, false)
    const undoUrl = `/plugins/${name}/activation`
    return done(ctx, ctx.i18n.t('admin.plugin.disabled', { name }), { undoUrl })
  }
}
