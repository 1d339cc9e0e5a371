import type { HttpContext } from '@adonisjs/core/http'
import { priceMiner } from '../services/price_miner.js'
import { profitValidator } from '../validators.js'

/** POST /api/v1/calculator/profit: the very answer that the page shows. */
export default class ApiProfitController {
  async store({ request, response }: HttpContext) {
    const query = await request.validateUsing(profitValidator)
    return response.json(await priceMiner(query, new Date()))
  }
}
