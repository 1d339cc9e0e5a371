import db from '@adonisjs/lucid/services/db'
import type { Who } from '#core/current'
import type { Role, TenantRole } from '#core/roles'
import { installed, type Override, permissionsOf } from '#services/registry'

export interface MembershipRow {
  id: string
  tenant_id: string
  tenant_name: string
  tenant_slug: string
  is_demo: boolean
  user_id: string
  role: TenantRole
  site_ids: string[] | null
  customer_id: string | null
}

/** Somebody nobody knows: public pages, shared tables, no tenant. */
export const guest = (requestId: string | null = null): Who => ({
  tenantId: null,
  userId: null,
  role: 'guest',
  permissions: permissionsOf('guest'),
  siteIds: [],
  customerId: '*',
  via: 'session',
  requestId,
})

/**
 * The memberships that hold at this moment: begun, not ended, not suspended, in a living tenant.
 * Asked on every request, so that an ended membership ends with the next click.
 */
export async function validMemberships(userId: string): Promise<MembershipRow[]> {
  return db
    .connection('login')
    .from('memberships as m')
    .join('tenants as t', 't.id', 'm.tenant_id')
    .where('m.user_id', userId)
    .where('m.valid_from', '<=', db.raw('now()'))
    .where((query) =>
      query.whereNull('m.valid_until').orWhere('m.valid_until', '>', db.raw('now()'))
    )
    .whereNull('m.suspended_at')
    .whereNull('t.suspended_at')
    .orderBy('t.name')
    .select('m.id', 'm.tenant_id', 'm.user_id', 'm.role', 'm.site_ids', 'm.customer_id')
    .select({ tenant_name: 't.name', tenant_slug: 't.slug', is_demo: 't.is_demo' })
}

export interface TenantAccess {
  overrides: Override[]
  pluginsOff: Set<string>
}

/** What a tenant decided about roles and plugins. */
export async function tenantAccess(tenantId: string): Promise<TenantAccess> {
  const login = db.connection('login')
  const [overrides, switches] = await Promise.all([
    login
      .from('role_permissions')
      .where('tenant_id', tenantId)
      .select('role', 'permission', 'granted'),
    login.from('tenant_plugins').where({ tenant_id: tenantId, enabled: false }).select('plugin'),
  ])
  const pluginsOff = new Set<string>(switches.map((row) => row.plugin))
  return { overrides: overrides as Override[], pluginsOff: withDependents(pluginsOff) }
}

/** A plugin cannot run without those that it depends on. */
function withDependents(off: Set<string>) {
  for (const { name, dependsOn = [] } of installed) {
    if (dependsOn.some((other) => off.has(other))) off.add(name)
  }
  return off
}

interface Reach {
  via: Who['via']
  requestId?: string | null
  /** Where the person looks at one site only; never wider than the membership. */
  siteId?: string | null
  platformRole?: Role | null
}

/** Who a member is in a tenant: role, permissions and scope. */
export async function memberIn(membership: MembershipRow, reach: Reach): Promise<Who> {
  const { overrides, pluginsOff } = await tenantAccess(membership.tenant_id)
  const permissions = permissionsOf(membership.role, overrides, pluginsOff)
  if (reach.platformRole) addPlatform(permissions, reach.platformRole)
  return {
    tenantId: membership.tenant_id,
    userId: membership.user_id,
    role: membership.role,
    permissions,
    siteIds: narrow(membership.site_ids ?? '*', reach.siteId),
    customerId: membership.customer_id ?? '*',
    via: reach.via,
    requestId: reach.requestId ?? null,
    pluginsOff,
  }
}

/** Somebody of the platform's staff without a membership: runs the installation, sees no tenant. */
export function staff(userId: string, role: 'owner' | 'admin', requestId: string | null): Who {
  return {
    ...guest(requestId),
    userId,
    role,
    permissions: addPlatform(permissionsOf('guest'), role),
  }
}

function addPlatform(permissions: Set<string>, role: Role) {
  for (const permission of permissionsOf(role)) permissions.add(permission)
  return permissions
}

function narrow(allowed: readonly string[] | '*', siteId?: string | null) {
  if (!siteId) return allowed
  return allowed === '*' || allowed.includes(siteId) ? [siteId] : allowed
}

/** The portal itself, or the console of its machine, acting in a tenant: all of it. */
export async function systemIn(tenantId: string, via: Who['via'] = 'system'): Promise<Who> {
  const { overrides, pluginsOff } = await tenantAccess(tenantId)
  return {
    tenantId,
    userId: null,
    role: 'mining_site_owner',
    permissions: permissionsOf('mining_site_owner', overrides, pluginsOff),
    siteIds: '*',
    customerId: '*',
    via,
    pluginsOff,
  }
}
