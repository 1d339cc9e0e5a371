import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import { appUrl } from '#config/app'
import { current } from '#core/current'
import type { LandingCard, LandingPart } from '#core/landing'
import type { Plugin } from '#core/plugin'
import { LOCALES } from '#middleware/locale_middleware'
import { installed } from '#services/registry'

/** What the core brings; only what is there. */
const CORE_CARDS: readonly LandingCard[] = [
  { icon: 'shield-lock', title: 'landing.card.identity.title', text: 'landing.card.identity.text' },
  { icon: 'people', title: 'landing.card.roles.title', text: 'landing.card.roles.text' },
  { icon: 'database-lock', title: 'landing.card.tenants.title', text: 'landing.card.tenants.text' },
  { icon: 'journal-check', title: 'landing.card.audit.title', text: 'landing.card.audit.text' },
  { icon: 'cpu', title: 'landing.card.jobs.title', text: 'landing.card.jobs.text' },
  {
    icon: 'braces',
    title: 'landing.card.api.title',
    text: 'landing.card.api.text',
    link: { url: '/api/v1/openapi.json', text: 'landing.card.api.link' },
  },
]

async function partsOf(plugins: readonly Plugin[]) {
  const parts: (LandingPart & { name: string })[] = []
  for (const { name, landing } of plugins) {
    if (!landing || current.get().pluginsOff?.has(name)) continue
    const { default: part } = await landing()
    if (current.can(`${name}.${part.permission}`)) parts.push({ ...part, name })
  }
  return parts.sort((a, b) => a.order - b.order)
}

/** How many kinds of reference cases the installed plugins answer: counted, never claimed. */
async function kindsOfCases(plugins: readonly Plugin[]) {
  const handlers = await Promise.all(plugins.map(async ({ cases }) => (await cases?.())?.default))
  return handlers.flatMap((one) => Object.keys(one ?? {})).length
}

const hasDemo = async () =>
  Boolean(await db.connection('login').from('tenants').where('is_demo', true).select('id').first())

/** The address of the page in one language, as search engines should know it. */
const addressIn = (locale: string) => new URL(`/?lang=${locale}`, appUrl).href

/** Everything on the first page that is not a text of its own. */
export async function landingFor(ctx: HttpContext, plugins: readonly Plugin[] = installed) {
  const parts = await partsOf(plugins)
  const shown: (Omit<(typeof parts)[number], 'state'> & { state: object })[] = []
  // One after the other: they share the connection of the request.
  for (const part of parts) shown.push({ ...part, state: await part.state(ctx) })
  return {
    hero: shown.filter(({ place }) => place === 'hero'),
    sections: shown.filter(({ place }) => place === 'section'),
    action: shown.find(({ action }) => action) ?? null,
    cards: [...parts.map(({ card }) => card), ...CORE_CARDS],
    caseKinds: await kindsOfCases(plugins),
    demo: await hasDemo(),
    canonical: addressIn(ctx.i18n.locale),
    alternates: LOCALES.map((code) => ({ code, url: addressIn(code) })),
    anyLanguage: new URL('/', appUrl).href,
    image: new URL('/icon-512.png', appUrl).href,
  }
}
