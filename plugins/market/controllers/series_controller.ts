import type { HttpContext } from '@adonisjs/core/http'
import { CHARTED_SERIES, type StoredSeries } from '../domain/series_kind.js'
import { scale } from '../domain/scale.js'
import { coverage, history, latestValues } from '../services/stored_values.js'
import { rangeOf, RANGES } from '../services/ranges.js'

/** What the portal knows of the market, and how old it is. */
export default class SeriesController {
  async index({ view, request, i18n }: HttpContext) {
    const wanted = request.input('series')
    const series: StoredSeries = CHARTED_SERIES.includes(wanted) ? wanted : 'price_usd'
    const range = rangeOf(request.input('range'))
    const since = range.days === null ? new Date(0) : new Date(Date.now() - range.days * 86_400_000)
    return view.render('market::series/index', {
      series,
      seriesItems: CHARTED_SERIES.map((name) => ({
        label: i18n.t(`market.series.${name}`),
        url: `/market?series=${name}&range=${range.code}`,
        current: name === series,
      })),
      rangeItems: RANGES.map(({ code }) => ({
        label: i18n.t(`market.range.${code}`),
        url: `/market?series=${series}&range=${code}`,
        current: code === range.code,
      })),
      allSeries: CHARTED_SERIES,
      latest: await latestValues(),
      coverage: await coverage(),
      points: (await history(series, since)).map(([at, value]) => [at, scale(series, value!)]),
      scale,
    })
  }
}
