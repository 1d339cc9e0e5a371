import { liveAttributes } from '#core/live'
import type { HttpContext } from '@adonisjs/core/http'
import { isId } from '#core/ids'
import type { Row } from '#core/table'
import Miner from '../models/miner.js'
import plugin from '../plugin.js'
import { WORKS } from '../validators.js'
import { minerRows } from './miners_table.js'
import { detailOf } from './page_detail.js'
import { chosenRange, minerCharts, type Overlay, RANGES } from './page_history.js'
import { minerLog } from './page_miner_log.js'
import { passportOf } from './page_passport.js'
import { minerTiles } from './page_miner_tiles.js'
import { type Words, wordsOf } from './page_words.js'

/** The part of the page that changes by itself. */
export async function minerNow(miner: Miner, words: Words) {
  const row: Row = await minerRows().where('f.id', miner.id).firstOrFail()
  return {
    row,
    words,
    live: liveAttributes('fleet.miner.view', `/fleet/miners/${miner.id}/now`),
    isHouse: plugin.allows('collector.view'),
    tiles: minerTiles(row, words),
  }
}

/** Everything on the page of a miner. */
export async function minerPage(ctx: HttpContext, miner: Miner) {
  const words = wordsOf(ctx.i18n)
  const mayEdit = plugin.allows('miner.edit')
  return {
    ...(await minerNow(miner, words)),
    miner,
    mayEdit,
    detail: detailOf(miner),
    into: miner.mergedInto ? await Miner.find(miner.mergedInto) : null,
    changes: await minerLog(miner),
    passport: mayEdit ? await passportOf(miner, words) : null,
    works: WORKS.map((value) => ({ value, label: words.t(`fleet_service.works.${value}`) })),
    ...(await chartOf(ctx, miner, words)),
  }
}

/** The history with its ranges, and what may lie over it. */
async function chartOf({ request }: HttpContext, miner: Miner, words: Words) {
  const asked = request.qs()
  const range = chosenRange(asked)
  const overlay = await overlayOf(asked.with, miner)
  const wanted = overlay === null ? '' : overlay === 'model' ? 'model' : overlay.id
  const path = `/fleet/miners/${miner.id}`
  return {
    charts: await minerCharts(miner, overlay, range, words),
    range: range.code,
    overlay: wanted,
    overlayNo: overlay && overlay !== 'model' ? overlay.no : null,
    ranges: RANGES.map(({ code }) => ({
      label: words.t(`fleet.range.${code}`),
      url: `${path}?range=${code}${wanted ? `&with=${wanted}` : ''}`,
      current: code === range.code,
    })),
  }
}

/** `model`, the id of a miner, or its number as somebody typed it. */
async function overlayOf(asked: unknown, miner: Miner) {
  if (asked === 'model') return miner.model ? ('model' as const) : null
  if (typeof asked !== 'string') return null
  const no = Number(asked.replace('#', ''))
  const query = Miner.query().whereNot('id', miner.id)
  if (isId(asked)) query.where('id', asked)
  else if (Number.isInteger(no) && no > 0 && no < 2 ** 31) query.where('no', no)
  else return null
  return (await query.first()) as (Miner & Exclude<Overlay, 'model' | null>) | null
}
