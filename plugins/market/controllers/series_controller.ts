import type { HttpContext } from '@adonisjs/core/http'
import { STORED_SERIES } from '../domain/series_kind.js'
import { coverage } from '../services/history.js'
import { wordsOf } from '../services/market_words.js'
import { isOld } from '../domain/staleness.js'
import { latestValues } from '../services/stored_values.js'
import plugin from '../plugin.js'

/** What is stored: the newest value of each series, and how far back it goes. */
export default class SeriesController {
  async index({ view, i18n, shell }: HttpContext) {
    const now = new Date()
    const words = wordsOf(i18n, shell.timeZone ?? 'UTC')
    const latest = await latestValues()
    return view.render('market::series/index', {
      values: STORED_SERIES.map((series) => {
        const stored = latest[series]
        return {
          series,
          value: stored ? words.value(series, stored.value) : null,
          unit: words.unit(series),
          quality: stored?.quality ?? null,
          source: stored ? words.source({ ...stored, isOld: isOld(stored, now) }) : null,
        }
      }),
      coverage: await coverage(),
      mayImport: plugin.allows('series.import'),
    })
  }
}
