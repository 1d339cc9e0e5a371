import { current } from '#core/current'
import { theHost } from '#core/host'

/** What pages listen to: the permission that lets somebody see it, in full. */
export type LiveTopic = `${string}.${string}`

/**
 * Something that pages with `data-live` of this topic show has changed at a site, or anywhere in
 * the tenant. Told after the commit, to all processes, at most a few times a second. It carries no
 * data: a page that hears it asks for its part again, as whoever looks.
 */
export function tellLive(topic: LiveTopic, siteId: string | null = null) {
  const tenantId = current.tenantId()
  current.afterCommit(() => theHost().tellLive({ topic, tenantId, siteId }))
}

/** One thing that changed. */
export interface LiveNews {
  topic: string
  tenantId: string
  siteId: string | null
}

/** What makes a part of a page keep itself up to date; resources/js/live.js does it. */
export const liveAttributes = (topic: LiveTopic, url: string) => ({
  'data-live': topic,
  'hx-get': url,
  'hx-trigger': 'live:refresh',
  'hx-target': 'this',
  'hx-swap': 'outerMorph',
  'hx-sync': 'this:drop',
})
