import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { defineError } from '#core/errors'

/** A body of a kind that no route reads. */
const E_UNSUPPORTED_MEDIA_TYPE = defineError(
  'This kind of content is not accepted',
  'E_UNSUPPORTED_MEDIA_TYPE',
  415
)

const BODIES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  // Of collectors: no parser takes it, since signatures are over the bytes as they came.
  'application/vnd.hashinsight.edge+json',
]

/** Refuses bodies that no route reads, before anything parses them. */
export default class BodyGuardMiddleware {
  handle({ request }: HttpContext, next: NextFn) {
    if (!request.hasBody() || request.header('content-length') === '0') return next()
    const type = (request.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
    const reported = type === 'application/csp-report' || type === 'application/reports+json'
    if (!BODIES.includes(type) && !reported) {
      throw new E_UNSUPPORTED_MEDIA_TYPE()
    }
    return next()
  }
}
