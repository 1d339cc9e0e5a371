import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { defineError } from '#core/errors'
import { refuseField } from '#core/form'
import { mayGrant, type TenantRole } from '#core/roles'

/** Somebody tried to give, or to touch, more than they are themselves. */
export const E_ABOVE_OWN = defineError('That is above your own role', 'E_ABOVE_OWN', 403)

/** What a membership gives: a role, how far it sees, and until when. */
export interface Grant {
  role: TenantRole
  siteIds: string[] | null
  customerId: string | null
  validUntil: Date | null
}

interface Asked {
  role: TenantRole
  siteIds?: string[] | null
  customerId?: string | null
  validUntil?: Date | null
}

/** A whole day counts: who may act until the 5th may act on the 5th (UTC). */
const endOfDay = (day: Date) => new Date(day.getTime() + 86_400_000 - 1)

/** The sites that the actor may give away: those of their membership, '*' for all. */
const ownSites = ({ presence }: HttpContext): readonly string[] | '*' =>
  presence.membership?.site_ids ?? '*'

/** Refuses a role above the actor's own. */
export function refuseAbove(role: TenantRole) {
  if (!mayGrant(current.get().role, role)) throw new E_ABOVE_OWN()
}

/**
 * Checks what somebody wants to give and brings it into its one form: a client has a customer and
 * nobody else has, an empty list of sites is all of them, nothing is wider than the giver's own.
 */
export async function checkGrant(ctx: HttpContext, asked: Asked): Promise<Grant> {
  const { i18n } = ctx
  refuseAbove(asked.role)
  const validUntil = asked.validUntil ? endOfDay(asked.validUntil) : null
  if (validUntil && validUntil <= new Date()) {
    throw refuseField('validUntil', i18n.t('admin.member.until_past'))
  }
  const customerId = asked.role === 'client' ? (asked.customerId ?? null) : null
  if (asked.role === 'client' && !customerId) {
    throw refuseField('customerId', i18n.t('admin.member.customer_needed'))
  }
  if (customerId && !(await exists('customers', [customerId]))) {
    throw refuseField('customerId', i18n.t('admin.member.no_such_customer'))
  }
  return {
    role: asked.role,
    siteIds: await sitesToGive(ctx, asked.siteIds),
    customerId,
    validUntil,
  }
}

async function sitesToGive(ctx: HttpContext, asked: string[] | null | undefined) {
  const own = ownSites(ctx)
  const wanted = asked?.length ? [...new Set(asked)] : null
  if (own !== '*' && (!wanted || wanted.some((id) => !own.includes(id)))) throw new E_ABOVE_OWN()
  if (wanted && !(await exists('sites', wanted))) {
    throw refuseField('siteIds', ctx.i18n.t('admin.member.no_such_site'))
  }
  return wanted
}

async function exists(table: 'sites' | 'customers', ids: string[]) {
  const { client } = current.get()
  const rows = await client
    .from(table)
    .where('tenant_id', current.tenantId())
    .whereIn('id', ids)
    .whereNull('archived_at')
    .select('id')
  return rows.length === ids.length
}
