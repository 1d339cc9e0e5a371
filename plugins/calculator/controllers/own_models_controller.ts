import type { HttpContext } from '@adonisjs/core/http'
import OwnModel from '../models/own_model.js'
import { ownModelValidator } from '../validators.js'

/** Miners that the tenant measured itself. */
export default class OwnModelsController {
  async index({ view }: HttpContext) {
    const models = await OwnModel.query().orderBy('archived_at', 'desc').orderBy('name')
    return view.render('calculator::own_models/index', { models })
  }

  async store({ request, response, session, i18n }: HttpContext) {
    const model = await OwnModel.add(await request.validateUsing(ownModelValidator))
    session.flash('toasts', [
      { kind: 'good', message: i18n.t('calculator.model.added', { name: model.name }) },
    ])
    return response.redirect().toPath('/calculator/models')
  }
}
