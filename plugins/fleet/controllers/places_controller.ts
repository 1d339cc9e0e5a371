import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { readForm } from '#core/form'
import Miner from '../models/miner.js'
import { changeMiner } from '../services/page_miner_changes.js'
import { chosenLook } from '../services/page_map_cells.js'
import { checkPlace } from '../services/page_places.js'
import { placeSchema } from '../validators.js'

/** Puts a miner somewhere. */
export default class PlacesController {
  async store(ctx: HttpContext) {
    const { minerId, zoneId = null, rack = null, ...at } = await readForm(ctx, placeSchema)
    const miner = await Miner.named(minerId)
    const place = { zoneId, rack, shelf: at.shelf ?? null, position: at.position ?? null }
    await checkPlace(miner, place)
    await changeMiner(miner, place)
    const where = [rack, place.shelf, place.position].filter((part) => part !== null).join(' / ')
    return done(ctx, ctx.i18n.t('fleet.map.placed', { name: miner.title, place: where || '—' }), {
      to: backTo(ctx, miner),
    })
  }
}

/** The map as it was, at the zone where the miner stands now: who arranges goes on arranging. */
const backTo = ({ request }: HttpContext, { siteId, zoneId }: Miner) =>
  `/fleet/map?${new URLSearchParams({
    site: siteId,
    zone: zoneId ?? 'none',
    look: chosenLook(request.input('look')),
    arrange: '1',
  })}`
