import type { Router } from '@adonisjs/core/http'
import { compressed } from '#core/compress'
import { limitGuests } from '#core/limits'
import plugin from '../plugin.js'

const MiniProfit = () => import('../controllers/mini_profit_controller.js')

/** How often a network may ask the small calculator, whether the page or its script asks. */
export const limitMini = limitGuests('calculator_mini', 120)

/** The answer of the small calculator of the first page, as a fragment. */
export default function miniRoutes(router: Router) {
  router
    .get('mini', [MiniProfit, 'show'])
    .as('mini_profit.show')
    .use([plugin.open('profit.view'), limitMini, compressed()])
}
