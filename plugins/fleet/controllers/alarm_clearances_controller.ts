import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { clearAlarm } from '../services/alarms.js'

/** Somebody has looked at an alarm. */
export default class AlarmClearancesController {
  async store(ctx: HttpContext) {
    const { id } = ctx.params
    if (!isId(id) || !(await clearAlarm(id))) throw new E_NOT_FOUND()
    return done(ctx, ctx.i18n.t('fleet.alarms.seen_done'))
  }
}
