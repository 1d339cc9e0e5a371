import type { I18n } from '@adonisjs/i18n'
import router from '@adonisjs/core/services/router'
import { current } from '#core/current'
import type { Row } from '#core/table'
import { recentEvents } from '#services/audit'
import { memberRows } from '#services/members'
import { installed } from '#services/registry'
import { rowsOf } from '#services/tables/shared'

/** A membership that ends within so many days needs somebody to decide. */
const SOON_DAYS = 14
const LIST = 5

export interface Need {
  key: string
  args: Record<string, string | number>
  url: string
  kind: 'bad' | 'warn' | 'info'
}

async function count(query: { count(what: string): PromiseLike<Row[]> }): Promise<number> {
  const [row] = await query.count('* as total')
  return Number(row?.total ?? 0)
}

/** Figures of what there is, each only for those who may open the list behind it. */
async function tiles() {
  const list: { key: string; value: number; url: string }[] = []
  const add = async (
    permission: string,
    key: string,
    url: string,
    query: () => Promise<number>
  ) => {
    if (current.can(permission)) list.push({ key, value: await query(), url })
  }
  await add('core.site.view', 'sites', '/sites', () =>
    count(rowsOf('sites').whereNull('archived_at'))
  )
  await add('core.site.view', 'zones', '/sites', () =>
    count(rowsOf('zones').whereNull('archived_at'))
  )
  await add('core.customer.view', 'customers', '/customers', () =>
    count(rowsOf('customers').whereNull('archived_at'))
  )
  await add('core.user.view', 'people', '/users?state=active', () =>
    count(
      rowsOf('memberships')
        .whereNull('suspended_at')
        .whereRaw('valid_from <= now() and (valid_until is null or valid_until > now())')
    )
  )
  return list
}

async function failedJobs(): Promise<Need[]> {
  if (!current.can('core.job.view')) return []
  const failed = await count(
    rowsOf('job_runs')
      .where('state', 'failed')
      .whereRaw(`coalesce(finished_at, created_at) > now() - interval '7 days'`)
  )
  const url = router.makeUrl('jobs.index')
  return failed === 0 ? [] : [{ key: 'failed_jobs', args: { count: failed }, url, kind: 'bad' }]
}

async function endingMemberships(): Promise<Need[]> {
  if (!current.can('core.user.edit')) return []
  const rows = await memberRows()
    .whereNull('memberships.suspended_at')
    .whereRaw(`memberships.valid_until > now()`)
    .whereRaw(`memberships.valid_until <= now() + interval '${SOON_DAYS} days'`)
    .orderBy('memberships.valid_until')
    .limit(LIST)
  return rows.map((row) => ({
    key: 'membership_ends',
    args: {
      name: row.full_name,
      days: Math.max(0, Math.ceil((new Date(row.valid_until).getTime() - Date.now()) / 86_400_000)),
    },
    url: `/users/${row.id}`,
    kind: 'warn' as const,
  }))
}

async function openInvitations(): Promise<Need[]> {
  if (!current.can('core.user.invite')) return []
  const open = await count(
    rowsOf('invitations')
      .whereNull('accepted_at')
      .whereNull('revoked_at')
      .whereRaw('expires_at > now()')
  )
  const url = '/users/invitations?state=pending'
  return open === 0 ? [] : [{ key: 'open_invitations', args: { count: open }, url, kind: 'info' }]
}

const widgetsOf = (i18n: I18n) =>
  installed.flatMap((plugin) =>
    (plugin.widgets ?? [])
      .filter(({ permission }) => current.can(`${plugin.name}.${permission}`))
      .map(({ label, route }) => ({ label: i18n.t(label), url: router.makeUrl(route) }))
  )

/** The first page of a member: how things are, what needs somebody, what there is, what happened. */
export async function overviewOf(i18n: I18n) {
  const needs = [
    ...(await failedJobs()),
    ...(await endingMemberships()),
    ...(await openInvitations()),
  ]
  const urgent = needs.filter(({ kind }) => kind !== 'info').length
  return {
    needs,
    state: i18n.t('admin.home.state', { urgent }),
    tiles: await tiles(),
    widgets: widgetsOf(i18n),
    events: current.can('core.audit.view') ? await recentEvents() : null,
  }
}
