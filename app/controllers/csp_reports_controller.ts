import type { HttpContext } from '@adonisjs/core/http'

/** Browsers say here what the content policy stopped. Logged, never stored, never answered. */
export default class CspReportsController {
  async store({ request, response, logger }: HttpContext) {
    logger.warn(
      { report: request.raw()?.slice(0, 2000), agent: request.header('user-agent') },
      'csp violation'
    )
    return response.noContent()
  }
}
