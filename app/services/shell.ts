import type { HttpContext } from '@adonisjs/core/http'
import router from '@adonisjs/core/services/router'
import { current } from '#core/current'
import type { Entry } from '#core/plugin'
import { LOCALES } from '#middleware/locale_middleware'
import { installed } from '#services/registry'
import { sitesWithin } from '#services/scope'

const GROUPS = ['operate', 'money', 'business', 'automation', 'admin'] as const
const NAMES: Record<(typeof LOCALES)[number], string> = { en: 'English', zh: '中文' }
const TABS = 4

interface NavItem {
  label: string
  url: string
  icon: string
  active: boolean
  count: number | null
}

/** Whether htmx asks for a part of a page, and not for a whole one. */
export const isFragment = ({ request }: HttpContext) =>
  request.header('hx-request') === 'true' &&
  request.header('hx-boosted') !== 'true' &&
  request.header('hx-history-restore-request') !== 'true'

/** Entries of all plugins that the current actor may open. */
function* openEntries(): Generator<Entry & { plugin: string }> {
  for (const plugin of installed) {
    for (const entry of plugin.nav ?? []) {
      if (current.can(`${plugin.name}.${entry.permission}`)) yield { ...entry, plugin: plugin.name }
    }
  }
}

const isUnder = (path: string, url: string) =>
  url === '/' ? path === '/' : path === url || path.startsWith(`${url}/`)

function navigation(ctx: HttpContext) {
  const path = ctx.request.url()
  const groups = new Map<string, NavItem[]>(GROUPS.map((group) => [group, []]))
  const entries = [...openEntries()].map((entry) => ({
    ...entry,
    url: router.makeUrl(entry.route),
  }))
  // Where one entry lies below another, the nearer one is where the person is.
  const nearest = Math.max(
    0,
    ...entries.filter(({ url }) => isUnder(path, url)).map(({ url }) => url.length)
  )
  for (const { label, url, icon = 'circle', group = 'operate' } of entries) {
    const item = {
      label: ctx.i18n.t(label),
      url,
      icon,
      active: isUnder(path, url) && url.length === nearest,
      count: null,
    }
    groups.get(group)?.push(item)
  }
  return [...groups]
    .filter(([, items]) => items.length > 0)
    .map(([group, items]) => ({ label: ctx.i18n.t(`core.group.${group}`), items }))
}

async function sitesToChoose(ctx: HttpContext) {
  if (!ctx.presence.membership || !current.can('core.site.view')) return []
  const chosen = ctx.session.get('siteId')
  const rows = await sitesWithin(ctx.presence.membership)
  return rows.map(({ id, name }) => ({ id, name, current: id === chosen }))
}

function personOf({ presence: { user }, i18n }: HttpContext) {
  if (!user) return { user: null, role: null, timeZone: 'UTC', currency: 'USD' }
  const { fullName: name, email, initials, timeZone, currency } = user
  const role = i18n.t(`admin.role.${current.get().role}`)
  return { user: { name, email, initials }, role, timeZone, currency }
}

/** Everything around a page. The views read nothing else about the person or the place. */
export async function shellFor(ctx: HttpContext) {
  const { membership, memberships } = ctx.presence
  const nav = navigation(ctx)
  const { locale } = ctx.i18n
  return {
    locale,
    locales: LOCALES.map((code) => ({
      code,
      name: NAMES[code],
      url: `/language/${code}`,
      current: code === locale,
    })),
    nav,
    tabs: nav.flatMap(({ items }) => items).slice(0, TABS),
    tenant: membership ? { id: membership.tenant_id, name: membership.tenant_name } : null,
    tenants: memberships.map((row) => ({
      id: row.tenant_id,
      name: row.tenant_name,
      current: row.tenant_id === membership?.tenant_id,
    })),
    sites: await sitesToChoose(ctx),
    ...personOf(ctx),
    demo: membership?.is_demo ?? false,
    banner: null as { text: string; kind: string } | null,
    fragment: isFragment(ctx),
    csrfToken: ctx.request.csrfToken,
    paletteUrl: '/palette',
    path: ctx.request.url(true),
    flash: (ctx.session.flashMessages.get('toasts') ?? []) as ToastMessage[],
    unread: null as number | null,
    urls: {
      home: '/',
      signIn: '/sign-in',
      signOut: '/sign-out',
      account: '/account',
      switchTenant: '/switch/tenant',
      switchSite: '/switch/site',
    },
  }
}

export interface ToastMessage {
  kind: 'good' | 'bad' | 'warn' | 'info'
  message: string
  undoUrl?: string
}

export type Shell = Awaited<ReturnType<typeof shellFor>>

/** Shows a sentence on the next page, or on this one when htmx asked. */
export function toast(ctx: HttpContext, message: string, more: Partial<ToastMessage> = {}) {
  const item = { kind: 'good' as const, message, ...more }
  if (isFragment(ctx)) {
    const body = JSON.stringify({ toast: item }).replace(/[\u0080-\uffff]/g, escapeUnit)
    ctx.response.header('HX-Trigger', body)
    return
  }
  ctx.session.flash('toasts', [item])
}

/** Header values are ASCII; JSON can say any character that way. */
const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
