import type { HttpContext } from '@adonisjs/core/http'
import { csvOf } from '#core/csv'
import { historyAnswer } from '../services/charted.js'
import { chosenRange, chosenSeries } from '../services/chosen.js'

/** The figures of a chart as a file. */
export default class HistoryController {
  async show({ request, response, i18n }: HttpContext) {
    const series = chosenSeries(request.qs())
    const range = chosenRange(request.qs())
    const { points, unit } = await historyAnswer(series, range, new Date())
    const head = [i18n.t('market.csv.time'), `${i18n.t(`market.series.${series}`)} (${unit})`]
    // A gap has no row: a file of values needs no word for what is not in it.
    const rows = points.filter(({ value }) => value !== null).map(({ at, value }) => [at, value])
    return response
      .header('Content-Type', 'text/csv; charset=utf-8')
      .header('Content-Disposition', `attachment; filename="market-${series}-${range.code}.csv"`)
      .send(csvOf(head, rows))
  }
}
