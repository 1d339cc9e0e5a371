import { provideHost } from '#core/host'
import env from '#start/env'
import { backgroundDone, inBackground } from '#services/background'

/** Gives app/core what it needs of the application; loaded when first used, so that boot is fast. */
export default class HostProvider {
  boot() {
    const identities = () => import('#services/identities')
    const catalog = () => import('#services/jobs_catalog')
    provideHost({
      guest: async () => (await identities()).guest(),
      systemIn: async (tenantId, via) => (await identities()).systemIn(tenantId, via),
      tenantJob: async (name) => (await catalog()).tenantJob(name),
      checkPayload: async (job, payload) => (await catalog()).checkPayload(job, payload),
      wake: async (ticket) => (await import('#services/queue')).wake(ticket),
      home: () => env.get('PORTAL_HOME'),
      askOutside: async (request) => (await import('#services/safe_fetch')).safeFetch(request),
      tellLive: async (news) => (await import('#services/live_channel')).tell(news),
      inBackground,
    })
  }

  /** Mails that were promised are sent before the process ends. */
  async shutdown() {
    await backgroundDone()
  }
}
