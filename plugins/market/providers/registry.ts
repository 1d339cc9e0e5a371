import { DATA, type Datum } from '../domain/data.js'
import type { Provider } from './adapter.js'
import { alternativeMe } from './alternative_me.js'
import { binance } from './binance.js'
import { bitcoinRpc } from './bitcoin_rpc.js'
import { blockchainInfo } from './blockchain_info.js'
import { bybit } from './bybit.js'
import { coingecko } from './coingecko.js'
import { coinwarz } from './coinwarz.js'
import { deribit } from './deribit.js'
import { mempoolSpace } from './mempool_space.js'
import { okx } from './okx.js'

/**
 * All providers, in the order that each datum asks them unless an admin decides otherwise: the own
 * node first, then sources in real dollars, then exchanges whose dollar is a stablecoin.
 */
export const PROVIDERS: readonly Provider[] = [
  bitcoinRpc,
  coingecko,
  blockchainInfo,
  mempoolSpace,
  deribit,
  binance,
  okx,
  bybit,
  alternativeMe,
  coinwarz,
]

/** Deribit's days are those of a future; candles of the spot market come first. */
const FIRST: Partial<Record<Datum, readonly string[]>> = {
  candles: ['binance', 'okx', 'bybit', 'deribit'],
  height: ['bitcoin_rpc', 'mempool_space', 'blockchain_info'],
  difficulty: ['bitcoin_rpc', 'mempool_space', 'blockchain_info'],
  hashrate: ['bitcoin_rpc', 'mempool_space', 'blockchain_info', 'coinwarz'],
  fees: ['mempool_space', 'blockchain_info'],
}

export const providerNamed = (name: string) => PROVIDERS.find((one) => one.name === name)

/** Names of those that can tell a datum, in their order. */
export function providersOf(datum: Datum): string[] {
  const able = PROVIDERS.filter(({ feeds }) => feeds[datum]).map(({ name }) => name)
  const first = FIRST[datum] ?? []
  return [...first, ...able.filter((name) => !first.includes(name))]
}

export const allFeeds = () =>
  DATA.flatMap((datum) =>
    providersOf(datum).map((provider, position) => ({ datum, provider, position }))
  )
