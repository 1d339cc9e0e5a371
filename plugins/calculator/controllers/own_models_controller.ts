import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import OwnModel from '../models/own_model.js'
import { ownModelValidator } from '../validators.js'

/** Miners that the tenant measured itself. */
export default class OwnModelsController {
  async index({ view }: HttpContext) {
    const models = await OwnModel.query().orderBy('archived_at', 'desc').orderBy('name')
    return view.render('calculator::own_models/index', { models })
  }

  async store(ctx: HttpContext) {
    const model = await OwnModel.add(await ctx.request.validateUsing(ownModelValidator))
    const message = ctx.i18n.t('calculator.model.added', { name: model.name })
    return done(ctx, message, { to: '/calculator/models' })
  }
}
