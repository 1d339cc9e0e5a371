import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import type { PaletteItem } from '#core/palette'
import type { Row } from '#core/table'
import { escapeLike } from '#core/table_query'
import { installed } from '#services/registry'
import { memberRows } from '#services/members'
import { rowsOf } from '#services/tables/shared'

const PER_KIND = 5
const MAX_LETTERS = 60

/** Things to do, beside pages to open: key of the text, address, permission. */
const ACTIONS = [
  ['admin.site.create', '/sites/create', 'core.site.edit'],
  ['admin.customer.create', '/customers/create', 'core.customer.edit'],
  ['admin.invitation.create', '/users/invitations/create', 'core.user.invite'],
  ['admin.settings.title', '/settings', 'core.tenant.edit'],
  ['admin.tenant.create', '/tenants/create', 'core.platform.edit'],
  ['admin.staff.title', '/staff', 'core.platform.view'],
] as const

type Group = { title: string; items: PaletteItem[] }

const fits = (label: string, letters: string) => label.toLowerCase().includes(letters.toLowerCase())

function pages({ shell, i18n }: HttpContext, letters: string): PaletteItem[] {
  return shell.nav
    .flatMap(({ label: hint, items }) =>
      items.map(({ label, url, icon }) => ({ label, hint, url, icon }))
    )
    .concat({ label: i18n.t('ui.account'), hint: '', url: '/account', icon: 'person-gear' })
    .filter(({ label }) => fits(label, letters))
}

const actions = ({ i18n }: HttpContext, letters: string): PaletteItem[] =>
  ACTIONS.filter(([, , permission]) => current.can(permission))
    .map(([key, url]) => ({ label: i18n.t(key), hint: '', url, icon: 'lightning-charge' }))
    .filter(({ label }) => fits(label, letters))

async function named(table: 'sites' | 'customers', icon: string, letters: string) {
  const pattern = `%${escapeLike(letters)}%`
  const rows: Row[] = await rowsOf(table)
    .whereNull('archived_at')
    .where((inner) =>
      inner.whereRaw('name ilike ?', [pattern]).orWhereRaw('code ilike ?', [pattern])
    )
    .orderBy('name')
    .limit(PER_KIND)
    .select('id', 'name', 'code')
  return rows.map(({ id, name, code }) => ({
    label: name,
    hint: code,
    url: `/${table}/${id}`,
    icon,
  }))
}

async function people(letters: string): Promise<PaletteItem[]> {
  const pattern = `%${escapeLike(letters)}%`
  const rows = await memberRows()
    .where((inner) =>
      inner
        .whereRaw('users.full_name ilike ?', [pattern])
        .orWhereRaw('users.email ilike ?', [pattern])
    )
    .orderBy('users.full_name')
    .limit(PER_KIND)
  return rows.map((row) => ({
    label: row.full_name,
    hint: row.email,
    url: `/users/${row.id}`,
    icon: 'person',
  }))
}

async function fromPlugins({ i18n }: HttpContext, letters: string): Promise<PaletteItem[]> {
  const found: PaletteItem[] = []
  for (const { name, palette } of installed) {
    if (!palette || current.get().pluginsOff?.has(name)) continue
    const { default: provider } = await palette()
    found.push(...(await provider(letters, (key) => i18n.t(key))).slice(0, PER_KIND))
  }
  return found
}

/** What a person may mean by these letters, in groups; only what they may open. */
export async function findInPalette(ctx: HttpContext, asked: unknown): Promise<Group[]> {
  const letters =
    typeof asked === 'string' ? asked.replaceAll('\0', '').trim().slice(0, MAX_LETTERS) : ''
  const { t } = ctx.i18n
  const say = t.bind(ctx.i18n)
  const groups: Group[] = [
    { title: say('admin.palette.pages'), items: pages(ctx, letters) },
    { title: say('admin.palette.actions'), items: actions(ctx, letters) },
  ]
  if (letters && current.get().tenantId) {
    if (current.can('core.site.view')) {
      groups.push({ title: say('core.nav.sites'), items: await named('sites', 'geo-alt', letters) })
    }
    if (current.can('core.customer.view')) {
      groups.push({
        title: say('core.nav.customers'),
        items: await named('customers', 'building', letters),
      })
    }
    if (current.can('core.user.view')) {
      groups.push({ title: say('core.nav.users'), items: await people(letters) })
    }
    groups.push({ title: say('admin.palette.more'), items: await fromPlugins(ctx, letters) })
  }
  return groups.filter(({ items }) => items.length > 0)
}
