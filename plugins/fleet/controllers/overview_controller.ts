import type { HttpContext } from '@adonisjs/core/http'
import plugin from '../plugin.js'
import { chosenRange, fleetChart, rangeItems } from '../services/page_history.js'
import { leadOf, overviewNow } from '../services/page_overview.js'
import { fleetParts, sumOf } from '../services/page_sums.js'
import { tilesOf } from '../services/page_tiles.js'
import { wordsOf } from '../services/page_words.js'

const isHouse = () => plugin.allows('collector.view')

/** The fleet at a glance. */
export default class OverviewController {
  async show({ view, i18n, request }: HttpContext) {
    const words = wordsOf(i18n)
    const range = chosenRange(request.qs())
    const now = await overviewNow(words, !isHouse())
    return view.render('fleet::overview/show', {
      now,
      alarms: now.alarms,
      outOfBand: false,
      words,
      lead: leadOf(now.sum, now.alarms?.length ?? 0, words),
      ranges: rangeItems(range, '/fleet', words),
      chart: now.sum.miners > 0 ? await fleetChart(range, words) : null,
      mayClear: plugin.allows('miner.edit'),
    })
  }

  /** The part of it that changes by itself. */
  async now({ view, i18n }: HttpContext) {
    const words = wordsOf(i18n)
    const now = await overviewNow(words, !isHouse())
    return view.render('fleet::overview/live', {
      now,
      outOfBand: true,
      alarms: now.alarms,
      words,
      mayClear: plugin.allows('miner.edit'),
    })
  }

  /** Its figures on the first page of the portal. */
  async widget({ view, i18n }: HttpContext) {
    const tiles = tilesOf(sumOf(await fleetParts()), wordsOf(i18n))
    return view.render('fleet::overview/widget', { tiles })
  }
}
