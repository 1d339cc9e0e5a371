import type { I18n } from '@adonisjs/i18n'
import type { Role } from '#core/roles'
import { scopesOf } from '#services/api_tokens'
import { pluginOf } from '#services/registry'

/** The scopes that a person of this role can give to a token, by plugin, with their texts. */
export async function scopeChoices(role: Role, i18n: I18n) {
  const groups = new Map<string, string[]>()
  for (const permission of await scopesOf(role)) {
    const plugin = pluginOf(permission)
    groups.set(plugin, [...(groups.get(plugin) ?? []), permission])
  }
  return [...groups].map(([plugin, permissions]) => ({
    plugin,
    all: `${plugin}.*`,
    scopes: permissions
      .sort()
      .map((permission) => ({ permission, label: labelOf(permission, i18n) })),
  }))
}

/** `calculator.profit.view` is described at `calculator.permission.profit.view`. */
function labelOf(permission: string, i18n: I18n) {
  const plugin = pluginOf(permission)
  const key = `${plugin}.permission${permission.slice(plugin.length)}`
  return i18n.hasMessage(key) ? i18n.t(key) : null
}
