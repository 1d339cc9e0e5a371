import core from '#core/core'
import { current } from '#core/current'
import { E_FORBIDDEN, E_NOT_FOUND } from '#core/errors'
import type { Changes } from '#core/events'
import type { Plugin } from '#core/plugin'
import { readSettings } from '#core/settings'
import { pluginNamed } from '#services/plugin_switches'

type Settled = Plugin & { settings: NonNullable<Plugin['settings']> }

/** A plugin that has settings which the actor may change. One that is off has none. */
export function pluginToSet(name: unknown): Settled {
  const plugin = pluginNamed(name)
  if (!plugin.settings || current.get().pluginsOff?.has(plugin.name)) throw new E_NOT_FOUND()
  const permission = `${plugin.name}.${plugin.settings.permission}`
  if (!current.can(permission)) throw new E_FORBIDDEN([permission])
  return plugin as Settled
}

/** Stores what an admin set, and what it was before. */
export async function storeSettings({ name, settings }: Settled, values: Record<string, unknown>) {
  const before: Record<string, unknown> = await readSettings(name, settings.defaults)
  const changes: Changes = Object.fromEntries(
    Object.entries(values)
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]))
      .map(([key, value]) => [key, [before[key] ?? null, value ?? null] as const])
  )
  if (Object.keys(changes).length === 0) return false
  const { client } = current.get()
  const key = { tenant_id: current.tenantId(), plugin: name }
  await client.from('plugin_settings').where(key).delete()
  await client.table('plugin_settings').insert({ ...key, values: JSON.stringify(values) })
  const subject = { type: 'plugin_settings', id: name }
  await core.track(subject, 'setting.changed', { plugin: name }, changes)
  return true
}
