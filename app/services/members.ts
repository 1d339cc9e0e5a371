import { current } from '#core/current'
import type { Row } from '#core/table'
import { rowsOf } from '#services/tables/shared'

/** Memberships with the names of their people, sites and customer. */
export const memberRows = () =>
  rowsOf('memberships')
    .join('users', 'users.id', 'memberships.user_id')
    .leftJoin('customers', (join) =>
      join
        .on('customers.tenant_id', 'memberships.tenant_id')
        .andOn('customers.id', 'memberships.customer_id')
    )
    .select('memberships.*', 'users.email', 'users.full_name', 'users.totp_enabled_at')
    .select({ customer_name: 'customers.name', user_suspended_at: 'users.suspended_at' })

/** What a membership is at this moment. */
export function stateOf(row: Row, now = new Date()): 'active' | 'suspended' | 'ended' | 'future' {
  if (row.valid_until && new Date(row.valid_until) <= now) return 'ended'
  if (row.suspended_at) return 'suspended'
  return new Date(row.valid_from) > now ? 'future' : 'active'
}

/** The people who sign in for a customer. */
export async function membersOfCustomer(customerId: string): Promise<Row[]> {
  const rows = await memberRows()
    .where('memberships.customer_id', customerId)
    .orderBy('users.full_name')
  return rows.map((row) => ({ ...row, state: stateOf(row) }))
}

/** Names of the sites and customers of the tenant, for choices. Archived ones are no choice. */
export async function scopeChoices() {
  const { client } = current.get()
  const tenant = { tenant_id: current.tenantId() }
  const named = (table: string): Promise<{ id: string; name: string }[]> =>
    client.from(table).where(tenant).whereNull('archived_at').orderBy('name').select('id', 'name')
  const option = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
  const sites = await named('sites')
  const customers = await named('customers')
  return { siteIds: sites.map(option), customerId: customers.map(option) }
}
