/** The built-in roles, highest first. Owner and Admin run the platform; the others act in a tenant. */
export const ROLES = ['owner', 'admin', 'mining_site_owner', 'operator', 'client', 'guest'] as const

export type Role = (typeof ROLES)[number]

/** Roles that a membership of a tenant may carry. */
export const TENANT_ROLES = ['mining_site_owner', 'operator', 'client'] as const
export type TenantRole = (typeof TENANT_ROLES)[number]

/** Roles of the people who run the installation. They see no tenant data without a membership. */
export const PLATFORM_ROLES = ['owner', 'admin'] as const
export type PlatformRole = (typeof PLATFORM_ROLES)[number]

/** 0 for Guest up to 5 for Owner. */
export const rankOf = (role: Role) => ROLES.length - 1 - ROLES.indexOf(role)

/** Nobody grants a role above their own. */
export const mayGrant = (granter: Role, granted: Role) => rankOf(granter) >= rankOf(granted)
