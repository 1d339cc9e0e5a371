import type { HttpContext } from '@adonisjs/core/http'
import plugin from '../plugin.js'
import { mapPage } from '../services/page_map.js'
import { chosenLook, legendOf, LOOKS } from '../services/page_map_cells.js'
import { wordsOf } from '../services/page_words.js'

/** Where the miners of a site stand, and how they are. */
export default class MapController {
  async show({ view, i18n, request }: HttpContext) {
    const words = wordsOf(i18n)
    const asked = request.qs()
    const look = chosenLook(asked.look)
    const mayEdit = plugin.allows('miner.edit')
    const arrange = mayEdit && asked.arrange === '1'
    const withDevices = plugin.allows('meter.view')
    const page = await mapPage(
      { site: asked.site, zone: asked.zone, arrange, look, withDevices },
      words
    )
    const urlWith = (changes: Record<string, string>) => {
      const zone = page.zone?.value ?? 'none'
      const kept = {
        site: page.site?.value ?? '',
        zone,
        look,
        ...(arrange ? { arrange: '1' } : {}),
      }
      return `/fleet/map?${new URLSearchParams({ ...kept, ...changes })}`
    }
    return view.render('fleet::map/show', {
      ...page,
      look,
      arrange,
      mayEdit,
      words,
      legend: legendOf(look, words),
      urlWith,
      looks: LOOKS.map((one) => ({
        label: words.t(`fleet.look.${one}`),
        url: urlWith({ look: one }),
        current: one === look,
      })),
    })
  }
}
