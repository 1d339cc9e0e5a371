import { current } from '#core/current'
import { defineError } from '#core/errors'
import type { MembershipRow } from '#services/identities'

const E_SITE_CHOSEN = defineError('Look at all sites first', 'E_SITE_CHOSEN', 409)

/** Refuses somebody who sees some sites only: a new site would be outside what they see. */
export function refuseNarrowScope() {
  if (current.get().siteIds !== '*') throw new E_SITE_CHOSEN()
}

/**
 * The living sites that a membership reaches, whichever of them the person looks at now: from one
 * site there must be a way to the next.
 */
export async function sitesWithin(
  membership: MembershipRow
): Promise<{ id: string; name: string }[]> {
  const { client: _client, afterCommit: _tasks, ...who } = current.get()
  const read = () =>
    current
      .get()
      .client.from('sites')
      .where('tenant_id', current.tenantId())
      .whereNull('archived_at')
      .orderBy('name')
      .select('id', 'name')
  const siteIds = membership.site_ids ?? '*'
  const isNarrowed = who.siteIds !== '*' && (siteIds === '*' || siteIds.length > who.siteIds.length)
  return isNarrowed ? current.run({ ...who, siteIds }, read) : read()
}
