import type { HttpContext } from '@adonisjs/core/http'
import plugin from '../plugin.js'
import { mapPage } from '../services/page_map.js'
import { chosenLook, legendOf, LOOKS } from '../services/page_map_cells.js'
import { type Words, wordsOf } from '../services/page_words.js'

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
      { site: asked.site, zone: asked.zone, part: asked.part, arrange, look, withDevices },
      words
    )
    const urlWith = (changes: Record<string, string>) => {
      const zone = page.zone?.value ?? 'none'
      const kept = {
        site: page.site?.value ?? '',
        zone,
        look,
        ...(arrange ? { arrange: '1' } : {}),
        ...(page.part > 1 ? { part: String(page.part) } : {}),
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
      pagination: paginationOf(page, urlWith, words),
      looks: LOOKS.map((one) => ({
        label: words.t(`fleet.look.${one}`),
        url: urlWith({ look: one }),
        current: one === look,
      })),
    })
  }
}

type UrlWith = (changes: Record<string, string>) => string

/** To the racks before and after; null: all are on this page. */
function paginationOf(page: Awaited<ReturnType<typeof mapPage>>, urlWith: UrlWith, words: Words) {
  const { part, parts, racks } = page
  if (parts < 2) return null
  const to = (number: number) => urlWith({ part: String(number) })
  return {
    text: words.t('fleet.map.part', {
      from: racks[0]?.name ?? '',
      to: racks.at(-1)?.name ?? '',
      part,
      parts,
    }),
    prevUrl: part > 1 ? to(part - 1) : undefined,
    nextUrl: part < parts ? to(part + 1) : undefined,
  }
}
