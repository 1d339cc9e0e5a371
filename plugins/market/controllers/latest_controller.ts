import type { HttpContext } from '@adonisjs/core/http'
import { wordsOf } from '../services/market_words.js'
import { overviewTiles } from '../services/overview_tiles.js'
import { retargetTile } from '../services/present_chain.js'
import { marketFigures } from '../services/summary.js'

/** Price, hashprice, difficulty and its next retarget as a widget of the first page. */
export default class LatestController {
  async show({ view, i18n, shell }: HttpContext) {
    const now = new Date()
    const words = wordsOf(i18n, shell.timeZone ?? 'UTC')
    const figures = await marketFigures(now)
    return view.render('market::_latest', {
      tiles: (await overviewTiles(figures, words, now)).tiles,
      retarget: retargetTile(figures.summary, words),
    })
  }
}
