import type { HttpContext } from '@adonisjs/core/http'
import { RANGES } from '../domain/ranges.js'
import { chartsOf } from '../services/charts.js'
import { chosenLog, chosenRange } from '../services/chosen.js'
import { wordsOf, type Words } from '../services/market_words.js'
import { overviewTiles } from '../services/overview_tiles.js'
import { halvingTile, leadOf, retargetTile } from '../services/present_chain.js'
import { hashpriceLines } from '../services/present_figures.js'
import { storedCoins } from '../services/stored_coins.js'
import { marketFigures } from '../services/summary.js'

/** The market at a glance: what is stored, how old it is, and where the chain stands. */
export default class OverviewController {
  async show({ view, request, i18n, shell }: HttpContext) {
    const now = new Date()
    const range = chosenRange(request.qs())
    const log = chosenLog(request.qs())
    const words = wordsOf(i18n, shell.timeZone ?? 'UTC')
    const figures = await marketFigures(now)
    const isEmpty = Object.keys(figures.latest).length === 0 && !figures.chain.epoch
    if (isEmpty)
      return view.render('market::overview/show', { isEmpty, lead: i18n.t('market.lead.none') })
    const { tiles, isDisputed } = await overviewTiles(figures, words, now)
    return view.render('market::overview/show', {
      isEmpty,
      lead: leadOf(figures.summary, isDisputed, words),
      tiles,
      retarget: retargetTile(figures.summary, words),
      halving: halvingTile(figures.summary, words),
      lines: hashpriceLines(figures.summary.hashprice.detail, words),
      coins: await storedCoins(),
      charts: await chartsOf({ range, log, now }, words),
      ...choices(range.code, log, words),
    })
  }
}

function choices(code: string, log: boolean, words: Words) {
  const url = (range: string, scale: string) => `/market?range=${range}&scale=${scale}`
  const scale = log ? 'log' : 'linear'
  return {
    rangeItems: RANGES.map((range) => ({
      label: words.t(`market.range.${range.code}`),
      url: url(range.code, scale),
      current: range.code === code,
    })),
    scaleItems: ['linear', 'log'].map((name) => ({
      label: words.t(`market.scale.${name}`),
      url: url(code, name),
      current: name === scale,
    })),
  }
}
