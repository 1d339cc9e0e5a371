import type { I18n } from '@adonisjs/i18n'
import type { LandingPart } from '#core/landing'
import { type ChartRange } from './domain/ranges.js'
import { history } from './services/history.js'
import {
  type FigureName,
  FIGURES,
  type LandingFigure,
  landingFigures,
} from './services/landing_figures.js'
import { BOX, priceLine } from './services/price_line.js'

/** Four years in some 140 points: more than a small line can show. */
const LINE: ChartRange = { code: 'line', days: 1461, stepS: 10 * 86_400 }
const FAR_MS = 60 * 86_400_000

const digits = (most: number, least = most): Intl.NumberFormatOptions => ({
  minimumFractionDigits: least,
  maximumFractionDigits: most,
})

/** How a stored figure is divided and written for people. */
const SHOWN: Record<FigureName, { by: number; options: Intl.NumberFormatOptions }> = {
  price: {
    by: 1,
    options: { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', ...digits(0) },
  },
  difficulty: { by: 1e12, options: digits(2) },
  networkHashrate: { by: 1e6, options: digits(1) },
  hashprice: {
    by: 1,
    options: { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', ...digits(2) },
  },
  epoch: { by: 1, options: digits(0) },
  halving: { by: 1, options: digits(0) },
}

/** When it comes and what it brings, as far as anybody can tell. */
function noteOf(figure: LandingFigure, i18n: I18n, now: Date) {
  const { day, isCounted, changePct } = figure
  if (!day) return null
  const far = day.getTime() - now.getTime() > FAR_MS
  const date = new Intl.DateTimeFormat(i18n.locale, {
    year: 'numeric',
    month: far ? 'long' : 'short',
    ...(far ? {} : { day: 'numeric' }),
    timeZone: 'UTC',
  }).format(day)
  if (isCounted) return i18n.t('market_landing.about', { day: date })
  if (changePct === null) return i18n.t('market_landing.around', { day: date })
  const change = new Intl.NumberFormat(i18n.locale, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format(changePct / 100)
  return i18n.t('market_landing.retarget', { day: date, change })
}

function present(name: FigureName, figure: LandingFigure, i18n: I18n, now: Date) {
  const label = i18n.t(`market_landing.figure.${name}`)
  if (figure.value === null) {
    const reason = i18n.t(`market.reason.${figure.reason}`)
    return { name, label, value: null, unit: '', note: null, source: null, reason }
  }
  const { by, options } = SHOWN[name]
  return {
    name,
    label,
    value: new Intl.NumberFormat(i18n.locale, options).format(figure.value / by),
    unit: i18n.t(`market_landing.unit.${name}`),
    note: noteOf(figure, i18n, now),
    isDisputed: figure.quality === 'disputed',
    source: { state: figure.isOld ? 'old' : 'fresh', name: figure.source, at: figure.at },
    reason: '',
  }
}

async function storedLine(now: Date) {
  const points = await history('price_usd', LINE, now)
  return priceLine(points.filter((point): point is [number, number] => point[1] !== null))
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
    const figures = await landingFigures(now)
    return {
      figures: FIGURES.map((name) => present(name, figures[name], i18n, now)),
      isEmpty: FIGURES.every((name) => figures[name].value === null),
      line: await storedLine(now),
      box: BOX,
    }
  },
}

export default part
