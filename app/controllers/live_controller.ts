import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import { E_FORBIDDEN } from '#core/errors'
import { openStream } from '#services/live_streams'

const MOST_TOPICS = 10

/** The stream by which pages hear that something they show has changed. */
export default class LiveController {
  async show({ request, response, session }: HttpContext) {
    const { tenantId, userId, siteIds } = current.get()
    const asked = String(request.qs().of ?? '')
      .split(',')
      .slice(0, MOST_TOPICS)
    const topics = asked.filter((topic) => current.can(topic))
    if (!tenantId || !userId || topics.length === 0) throw new E_FORBIDDEN([String(asked[0])])
    const { sessionId } = session
    const stream = openStream({ tenantId, userId, siteIds, topics, sessionId })
    if (!stream) return response.status(503).header('Retry-After', '30').send('')
    response.header('Content-Type', 'text/event-stream; charset=utf-8')
    response.header('Cache-Control', 'no-store, no-transform')
    // A proxy that gathers answers would keep the news to itself.
    response.header('X-Accel-Buffering', 'no')
    return response.stream(stream)
  }
}
