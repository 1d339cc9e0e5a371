import type { HttpContext } from '@adonisjs/core/http'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { logAccount } from '#services/account_log'
import { done } from '#core/answers'
import { reviveEvent } from '#services/outbox'

/** An event that could not be delivered gets its tries again. */
export default class JobsEventRevivalsController {
  async store(ctx: HttpContext) {
    const { tenantId, eventId } = ctx.params
    if (!isId(tenantId) || !isId(eventId)) throw new E_NOT_FOUND()
    await reviveEvent(tenantId, eventId, async (trx) => {
      const facts = { eventId }
      await logAccount(
        { subjectType: 'tenant', subjectId: tenantId, name: 'event.revived', facts },
        trx
      )
    })
    return done(ctx, ctx.i18n.t('jobs.installation.revived'), { to: '/queues' })
  }
}
