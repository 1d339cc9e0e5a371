import core from '#core/core'
import { current } from '#core/current'
import { E_NOT_FOUND, defineError } from '#core/errors'
import { mayGrant, type Role, ROLES, TENANT_ROLES, type TenantRole } from '#core/roles'
import { installed, type Override, permissionDefaults, permissionsOf } from '#services/registry'
import { E_ABOVE_OWN } from '#services/grants'

const E_LOCK_OUT = defineError('Owners keep this permission', 'E_LOCK_OUT', 409)

/** Without these an owner could no longer take back what somebody decided. */
const KEPT_BY_OWNERS: ReadonlySet<string> = new Set([
  'core.home.view',
  'core.user.view',
  'core.user.edit',
  'core.role.view',
  'core.role.edit',
  'core.plugin.view',
  'core.plugin.edit',
  'core.audit.view',
])

const isTenantRole = (role: string): role is TenantRole =>
  (TENANT_ROLES as readonly string[]).includes(role)

/** Permissions of the platform's staff are no tenant's to give. */
const isOfTenants = (permission: string) =>
  permissionDefaults.get(permission)?.some(isTenantRole) ?? false

const isKept = (role: string, permission: string) =>
  role === 'mining_site_owner' && KEPT_BY_OWNERS.has(permission)

/** Whether the actor may decide about this permission of this role. */
function mayDecide(role: Role, permission: string) {
  const actor = current.get()
  return (
    isTenantRole(role) &&
    isOfTenants(permission) &&
    !isKept(role, permission) &&
    mayGrant(actor.role, role) &&
    actor.permissions.has('core.role.edit') &&
    actor.permissions.has(permission)
  )
}

async function overrides(): Promise<Override[]> {
  const { client } = current.get()
  return client
    .from('role_permissions')
    .where('tenant_id', current.tenantId())
    .select('role', 'permission', 'granted')
}

export interface Cell {
  role: Role
  held: boolean
  overridden: boolean
  editable: boolean
}

/** The whole matrix of the tenant: plugin → permission → role, with what the tenant decided. */
export async function tenantMatrix() {
  const decided = await overrides()
  const held = new Map(ROLES.map((role) => [role, permissionsOf(role, decided)]))
  const cellOf = (role: Role, permission: string): Cell => ({
    role,
    held: held.get(role)!.has(permission),
    overridden: decided.some((one) => one.role === role && one.permission === permission),
    editable: mayDecide(role, permission),
  })
  return installed.map(({ name, permissions }) => ({
    plugin: name,
    off: current.get().pluginsOff?.has(name) ?? false,
    permissions: Object.keys(permissions).map((key) => {
      const permission = `${name}.${key}`
      return { permission, cells: ROLES.map((role) => cellOf(role, permission)) }
    }),
  }))
}

/** Gives a role a permission in this tenant, or takes it. */
export async function decide(role: string, permission: string, granted: boolean) {
  if (!isTenantRole(role) || !isOfTenants(permission)) throw new E_NOT_FOUND()
  if (isKept(role, permission)) throw new E_LOCK_OUT()
  if (!mayDecide(role, permission)) throw new E_ABOVE_OWN()
  const before = permissionsOf(role, await overrides()).has(permission)
  if (before === granted) return
  const { client } = current.get()
  const key = { tenant_id: current.tenantId(), role, permission }
  const isDefault = permissionDefaults.get(permission)!.includes(role) === granted
  await client.from('role_permissions').where(key).delete()
  if (!isDefault) await client.table('role_permissions').insert({ ...key, granted })
  await trackDecision(role, permission, granted)
}

const trackDecision = (role: string, permission: string, granted: boolean) =>
  core.track(
    { type: 'role_permissions', id: role },
    'role.changed',
    { role, permission, granted },
    {
      [permission]: [!granted, granted],
    }
  )

/** Brings a role back to the defaults. Only what the actor may decide about. Returns how many. */
export async function resetRole(role: string): Promise<number> {
  if (!isTenantRole(role)) throw new E_NOT_FOUND()
  if (!mayGrant(current.get().role, role)) throw new E_ABOVE_OWN()
  const decided = (await overrides()).filter((one) => one.role === role)
  const mine = decided.filter(({ permission }) => current.can(permission))
  for (const { permission, granted } of mine) await decide(role, permission, !granted)
  return mine.length
}
