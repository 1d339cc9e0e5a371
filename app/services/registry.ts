import core from '#core/core'
import { type Plugin, pluginOf } from '#core/plugin'
import { type Role, ROLES } from '#core/roles'
import plugins from '#config/plugins'

/** The core and every installed plugin, in boot order. */
export const installed: readonly Plugin[] = [core as Plugin, ...plugins]

/** Every permission that exists, in full, with the roles that hold it by default. */
export const permissionDefaults: ReadonlyMap<string, readonly Role[]> = new Map(
  installed.flatMap(({ name, permissions }) =>
    Object.entries(permissions).map(([key, roles]) => [`${name}.${key}`, roles] as const)
  )
)

export { pluginOf }

/** One tenant's say on the matrix: this role does, or does not, hold this permission. */
export interface Override {
  role: string
  permission: string
  granted: boolean
}

/** The matrix of a tenant: defaults of the manifests, then what the tenant decided. */
export function permissionsOf(
  role: Role,
  overrides: readonly Override[] = [],
  pluginsOff: ReadonlySet<string> = new Set()
): Set<string> {
  const held = new Set<string>()
  for (const [permission, roles] of permissionDefaults) {
    if (roles.includes(role)) held.add(permission)
  }
  const mine = overrides.filter(
    (one) => one.role === role && permissionDefaults.has(one.permission)
  )
  for (const { permission, granted } of mine) {
    if (granted) held.add(permission)
    else held.delete(permission)
  }
  for (const permission of held) {
    if (pluginsOff.has(pluginOf(permission))) held.delete(permission)
  }
  return held
}

/** The whole default matrix as rows, for the page, the docs and the tests. */
export const matrix = () =>
  [...permissionDefaults].map(([permission, roles]) => ({
    permission,
    ...Object.fromEntries(ROLES.map((role) => [role, roles.includes(role)])),
  }))
