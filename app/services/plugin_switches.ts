import type { I18n } from '@adonisjs/i18n'
import router from '@adonisjs/core/services/router'
import core from '#core/core'
import { current } from '#core/current'
import { defineError, E_NOT_FOUND } from '#core/errors'
import type { Plugin } from '#core/plugin'
import { installed } from '#services/registry'

const E_PLUGIN_NEEDS = defineError('Another plugin has to be on first', 'E_PLUGIN_NEEDS', 409)

const plugins = () => installed.filter(({ name }) => name !== 'core')

/** An installed plugin by name; the core is none and cannot be switched off. */
export function pluginNamed(name: unknown): Plugin {
  const plugin = plugins().find((one) => one.name === name)
  if (!plugin) throw new E_NOT_FOUND()
  return plugin
}

async function switchedOff(): Promise<Set<string>> {
  const { client } = current.get()
  const rows = await client
    .from('tenant_plugins')
    .where({ tenant_id: current.tenantId(), enabled: false })
    .select('plugin')
  return new Set(rows.map(({ plugin }) => plugin))
}

/** Plugins that cannot run without this one, at any distance. */
export function dependantsOf(name: string): string[] {
  const found = new Set<string>([name])
  for (const plugin of plugins()) {
    if (plugin.dependsOn?.some((other) => found.has(other))) found.add(plugin.name)
  }
  found.delete(name)
  return [...found]
}

function needsOf(name: string): string[] {
  return plugins()
    .filter((plugin) => dependantsOf(plugin.name).includes(name))
    .map((plugin) => plugin.name)
}

export type SwitchState = 'on' | 'off' | 'waiting'

/** All plugins with what they are for this tenant: waiting means on, but what it needs is off. */
export async function pluginStates() {
  const off = await switchedOff()
  return plugins().map((plugin) => ({
    plugin,
    state: stateFor(plugin.name, off),
    needs: needsOf(plugin.name),
    hasSettings: plugin.settings !== undefined,
  }))
}

function stateFor(name: string, off: Set<string>): SwitchState {
  if (off.has(name)) return 'off'
  return needsOf(name).some((other) => off.has(other)) ? 'waiting' : 'on'
}

/** What a tenant loses while the plugin is off. Data stays. */
export async function reachOf(plugin: Plugin, i18n: I18n) {
  const { default: schedule = [] } = (await plugin.schedule?.()) ?? {}
  const routes = Object.values(router.toJSON())
    .flat()
    .filter(
      ({ name }) => name?.startsWith(`${plugin.name}.`) || name?.startsWith(`api.${plugin.name}.`)
    )
    .map(
      ({ pattern, methods }) =>
        `${methods.filter((method) => method !== 'HEAD').join(' ')} ${pattern}`
    )
  const texts = (entries: Plugin['nav']) => (entries ?? []).map(({ label }) => i18n.t(label))
  return {
    routes,
    nav: texts(plugin.nav),
    widgets: texts(plugin.widgets),
    jobs: schedule.map(({ job }) => job),
    dependants: dependantsOf(plugin.name),
  }
}

/** Switches a plugin on or off for the tenant. Switching off and on again loses nothing. */
export async function switchPlugin(name: unknown, enabled: boolean): Promise<Plugin> {
  const plugin = pluginNamed(name)
  const off = await switchedOff()
  if (enabled && needsOf(plugin.name).some((other) => off.has(other))) throw new E_PLUGIN_NEEDS()
  if (off.has(plugin.name) !== enabled) return plugin
  const { client } = current.get()
  const key = { tenant_id: current.tenantId(), plugin: plugin.name }
  await client.from('tenant_plugins').where(key).delete()
  await client.table('tenant_plugins').insert({ ...key, enabled })
  await core.track(
    { type: 'tenant_plugins', id: plugin.name },
    enabled ? 'plugin.enabled' : 'plugin.disabled',
    { plugin: plugin.name },
    { enabled: [!enabled, enabled] }
  )
  return plugin
}
