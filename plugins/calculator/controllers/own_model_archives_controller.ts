import type { HttpContext } from '@adonisjs/core/http'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import OwnModel from '../models/own_model.js'

/** Puts an own model out of the lists, and back. */
export default class OwnModelArchivesController {
  async store({ params, response, session, i18n }: HttpContext) {
    const model = await this.find(params.id)
    await model.archive()
    const message = i18n.t('calculator.model.archived', { name: model.name })
    const undoUrl = `/calculator/models/${model.id}/restoration`
    session.flash('toasts', [{ kind: 'good', message, undoUrl }])
    return response.redirect().toPath('/calculator/models')
  }

  async destroy({ params, response, session, i18n }: HttpContext) {
    const model = await this.find(params.id)
    await model.restore()
    session.flash('toasts', [
      { kind: 'good', message: i18n.t('calculator.model.restored', { name: model.name }) },
    ])
    return response.redirect().toPath('/calculator/models')
  }

  private async find(id: unknown) {
    const model = isId(id) ? await OwnModel.find(id) : null
    if (!model) throw new E_NOT_FOUND()
    return model
  }
}
