import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import db from '@adonisjs/lucid/services/db'
import env from '#start/env'
import { PROVIDERS } from '../../providers/registry.js'
import { syncFeeds } from '../../services/provider_state.js'
import { forgetWakes } from '../../services/refresh_wake.js'
import { type Behaviour, type World, WORLD } from './provider_world.js'
import { documented } from './provider_answers.js'

export interface ProviderServer {
  port: number
  url: string
  /** Path without its query → how often it was asked. */
  counts: Map<string, number>
  requests: IncomingMessage[]
  /** Provider name → what it does instead of answering as documented. */
  faults: Map<string, Behaviour>
  world: World
  answers: Record<string, Behaviour>
  asked(provider: string): number
  close(): Promise<void>
}

/** All providers at one local server, each below its own name. */
export async function startProviders(world: Partial<World> = {}): Promise<ProviderServer> {
  const counts = new Map<string, number>()
  const requests: IncomingMessage[] = []
  const faults = new Map<string, Behaviour>()
  const full = { ...WORLD, ...world }
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname
    counts.set(path, (counts.get(path) ?? 0) + 1)
    requests.push(request)
    const provider = path.split('/')[1]!
    const fault = faults.get(provider) ?? faults.get('*')
    if (fault) return fault(request, response)
    const known = self.answers
    const answer = known[path] ?? known[path.replace(/\/$/, '')]
    if (answer) return answer(request, response)
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end('no such path')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const self: ProviderServer = {
    port,
    url: `http://127.0.0.1:${port}`,
    counts,
    requests,
    faults,
    world: full,
    answers: documented(full),
    asked: (provider) =>
      [...counts].reduce(
        (sum, [path, count]) => sum + (path.split('/')[1] === provider ? count : 0),
        0
      ),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return self
}

const login = () => db.connection('login')

/** Every feed at the local server, all on, nothing remembered, nothing stored; undone afterwards. */
export async function useProviders(server: ProviderServer) {
  env.set('OUTSIDE_PRIVATE_HOSTS', `127.0.0.1:${server.port}`)
  env.set('MARKET_FEEDS', '1')
  await forgetAll()
  for (const { name } of PROVIDERS) {
    await login()
      .from('market_providers')
      .where('provider', name)
      .update({ base_url: `${server.url}/${name}` })
  }
  return async () => {
    env.set('MARKET_FEEDS', '0')
    env.set('OUTSIDE_PRIVATE_HOSTS', '')
    await forgetAll()
    await server.close()
  }
}

/** A cold start: no figure, no state, the order of the registry. */
export async function forgetAll() {
  for (const table of ['points', 'candles', 'coins', 'epochs', 'refreshes', 'feeds', 'providers']) {
    await login().from(`market_${table}`).delete()
  }
  await syncFeeds()
  forgetWakes()
}

/** Asked anew at once: buckets full, no lease, no pause. Breakers stay as they are. */
export async function refill() {
  await login().from('market_providers').update({ tokens: 1000 })
}

/** Only these providers are asked for the datum. */
export const onlyAsk = async (datum: string, providers: string[]) => {
  await login()
    .from('market_feeds')
    .where('datum', datum)
    .whereNotIn('provider', providers)
    .update({ enabled: false })
}
