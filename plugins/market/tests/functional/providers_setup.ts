import db from '@adonisjs/lucid/services/db'
import { feedsOf } from '../../services/provider_state.js'
import { type ProviderServer, startProviders, useProviders } from '../support/provider_server.js'

export const login = () => db.connection('login')
export const order = async () => (await feedsOf('price')).map(({ provider }) => provider.name)
export const DEFAULT_ORDER = [
  'coingecko',
  'blockchain_info',
  'mempool_space',
  'deribit',
  'binance',
  'okx',
  'bybit',
]

export const lastEvent = async () => {
  const row = await login()
    .from('account_events')
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .first()
  return { name: row.name, facts: row.payload.facts, via: row.via, actorId: row.actor_id }
}

export let server: ProviderServer

export async function begin() {
  server = await startProviders({ now: new Date() })
  return useProviders(server)
}
