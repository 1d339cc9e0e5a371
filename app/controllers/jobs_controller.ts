import type { HttpContext } from '@adonisjs/core/http'

/** Work in the background of the current tenant. */
export default class JobsController {
  async index({ view }: HttpContext) {
    return view.render('pages/jobs/index')
  }
}
