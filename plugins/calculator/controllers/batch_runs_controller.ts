import type { HttpContext } from '@adonisjs/core/http'
import { readingValidator } from '../batch_validators.js'
import { goTo } from '../services/batch_answers.js'
import { E_BATCH_STATE } from '../services/batch_errors.js'
import { findBatch, lockBatch } from '../services/batch_find.js'
import { readAs, refuseWithoutMiner } from '../services/batch_mapping.js'
import { firstPiece } from '../services/batch_pieces.js'
import { startBatch } from '../services/batch_start.js'
import { progressOf, settle } from '../services/batch_view.js'

/** The work on a batch: started, looked at, stopped, started over. */
export default class BatchRunsController {
  /** A draft starts as it was looked over; a stopped one goes on where it stopped. */
  async store(ctx: HttpContext) {
    const batch = await lockBatch(ctx.params.id)
    if (batch.state === 'draft') {
      const asked = await ctx.request.validateUsing(readingValidator)
      const { reading, shared } = await readAs(batch.reading, asked, await firstPiece(batch))
      refuseWithoutMiner(reading)
      batch.reading = reading
      batch.shared = shared
    } else if (batch.isOpen || batch.state === 'done') throw new E_BATCH_STATE()
    await startBatch(batch)
    return goTo(ctx, `/calculator/batches/${batch.id}`)
  }

  async show(ctx: HttpContext) {
    const batch = await findBatch(ctx.params.id)
    await settle(batch)
    if (!batch.isOpen) ctx.response.header('HX-Refresh', 'true')
    return ctx.view.render('calculator::batch/_progress', { progress: progressOf(batch, ctx.i18n) })
  }

  async destroy(ctx: HttpContext) {
    const batch = await lockBatch(ctx.params.id)
    await batch.cancel()
    return goTo(ctx, `/calculator/batches/${batch.id}`, ctx.i18n.t('calculator_batch.stopped'))
  }

  /** Back to the mapping; what was computed is forgotten. */
  async update(ctx: HttpContext) {
    const batch = await lockBatch(ctx.params.id)
    await batch.reopen()
    return goTo(ctx, `/calculator/batches/${batch.id}`)
  }
}
