import type { HttpContext } from '@adonisjs/core/http'
import Miner from '../models/miner.js'
import { labelOf } from '../services/page_label.js'

/** A label to print and stick on a machine. */
export default class MinerLabelsController {
  async show({ params, view }: HttpContext) {
    const miner = await Miner.named(params.id)
    return view.render('fleet::miners/label', { miner, label: await labelOf(miner) })
  }
}
