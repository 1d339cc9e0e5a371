import type { HttpContext } from '@adonisjs/core/http'
import { miniProfit } from '../services/mini_profit.js'

/** The answer of the small calculator while somebody types. */
export default class MiniProfitController {
  async show(ctx: HttpContext) {
    return ctx.view.render('calculator::landing/_result', { mini: await miniProfit(ctx) })
  }
}
