import type { HttpContext } from '@adonisjs/core/http'
import { scale } from '../domain/scale.js'
import { CHARTED_SERIES } from '../domain/series_kind.js'
import { latestValues } from '../services/stored_values.js'

/** The newest values as a widget of the first page. */
export default class LatestController {
  async show({ view }: HttpContext) {
    return view.render('market::_latest', {
      allSeries: CHARTED_SERIES,
      latest: await latestValues(),
      scale,
    })
  }
}
