import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import OwnModel from '../models/own_model.js'

const LIST = '/calculator/models'

/** Puts an own model out of the lists, and back. */
export default class OwnModelArchivesController {
  async store(ctx: HttpContext) {
    const model = await this.find(ctx.params.id)
    await model.archive()
    const message = ctx.i18n.t('calculator.model.archived', { name: model.name })
    return done(ctx, message, { to: LIST, undoUrl: `${LIST}/${model.id}/restoration` })
  }

  async destroy(ctx: HttpContext) {
    const model = await this.find(ctx.params.id)
    await model.restore()
    const message = ctx.i18n.t('calculator.model.restored', { name: model.name })
    return done(ctx, message, { to: LIST })
  }

  private async find(id: unknown) {
    const model = isId(id) ? await OwnModel.find(id) : null
    if (!model) throw new E_NOT_FOUND()
    return model
  }
}
