import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'

/** For supervisors and load balancers: alive at all, and able to serve. */
export default class HealthController {
  live({ response }: HttpContext) {
    return response.json({ status: 'ok' })
  }

  async ready({ response, logger }: HttpContext) {
    try {
      await Promise.all([
        db.connection('app').rawQuery('select 1'),
        db.connection('login').rawQuery('select 1'),
      ])
      return response.json({ status: 'ok' })
    } catch (error) {
      logger.error({ err: error }, 'not ready')
      return response.status(503).json({ status: 'database unreachable' })
    }
  }
}
