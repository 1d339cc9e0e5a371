import type { I18n } from '@adonisjs/i18n'
import type { LandingPart } from '#core/landing'
import {
  type Figure,
  type FigureName,
  FIGURES,
  landingFigures,
} from './services/landing_figures.js'
import { BOX, priceLine } from './services/price_line.js'
import { history } from './services/stored_values.js'

const BLOCK_MS = 600_000
const LINE_DAYS = 1461
const LINE_POINTS = 140
const OLD_AFTER_MS = 36 * 3_600_000

const digits = (most: number, least = most): Intl.NumberFormatOptions => ({
  minimumFractionDigits: least,
  maximumFractionDigits: most,
})

/** How a stored figure is divided and written for people. */
const SHOWN: Record<FigureName, { by: number; options: Intl.NumberFormatOptions }> = {
  price: { by: 1, options: { style: 'currency', currency: 'USD', ...digits(0) } },
  difficulty: { by: 1e12, options: digits(2) },
  networkHashrate: { by: 1e6, options: digits(1) },
  hashprice: { by: 1, options: { style: 'currency', currency: 'USD', ...digits(2) } },
  epoch: { by: 1, options: digits(0) },
  halving: { by: 1, options: digits(0) },
}

/** The day that so many blocks lead to at ten minutes a block; none when an old height puts it in the past. */
function dayAfter(figure: Figure, { locale }: I18n, now: Date) {
  if (figure.value === null || figure.unit !== 'blocks') return null
  const at = new Date(Date.parse(figure.at) + figure.value * BLOCK_MS)
  if (at < now) return null
  const far = figure.value > 8640
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: far ? 'long' : 'short',
    ...(far ? {} : { day: 'numeric' }),
    timeZone: 'UTC',
  }).format(at)
}

function present(name: FigureName, figure: Figure, i18n: I18n, now: Date) {
  const label = i18n.t(`market_landing.figure.${name}`)
  if (figure.value === null) {
    const reason = i18n.t(`market_landing.reason.${figure.reason}`)
    return { name, label, value: null, unit: '', note: null, source: null, reason }
  }
  const { by, options } = SHOWN[name]
  const isOld = now.getTime() - Date.parse(figure.at) > OLD_AFTER_MS
  const day = dayAfter(figure, i18n, now)
  return {
    name,
    label,
    value: new Intl.NumberFormat(i18n.locale, options).format(figure.value / by),
    unit: i18n.t(`market_landing.unit.${name}`),
    note: day ? i18n.t('market_landing.about', { day }) : null,
    isDisputed: figure.quality === 'disputed',
    source: { state: isOld ? 'old' : 'fresh', name: figure.source, at: figure.at },
    reason: '',
  }
}

async function storedLine(now: Date) {
  const since = new Date(now.getTime() - LINE_DAYS * 86_400_000)
  const points = await history('price_usd', since, LINE_POINTS)
  return priceLine(points as [number, number][])
}

/** The market beside the first sentence: what is stored, with source and age. */
const part: LandingPart = {
  place: 'hero',
  order: 10,
  permission: 'series.view',
  view: 'market::landing/panel',
  card: {
    icon: 'graph-up-arrow',
    title: 'market_landing.card.title',
    text: 'market_landing.card.text',
    link: { url: '/market', text: 'market_landing.card.link' },
  },
  async state({ i18n }) {
    const now = new Date()
    const figures = await landingFigures()
    return {
      figures: FIGURES.map((name) => present(name, figures[name], i18n, now)),
      isEmpty: FIGURES.every((name) => figures[name].value === null),
      line: await storedLine(now),
      box: BOX,
    }
  },
}

export default part
