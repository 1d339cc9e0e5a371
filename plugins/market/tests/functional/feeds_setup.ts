import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { guest } from '#services/identities'
import { latestValues } from '../../api.js'
import { type Datum } from '../../domain/data.js'
import { refreshDatum, type RefreshReport } from '../../services/refresh_datum.js'
import { WORLD } from '../support/provider_world.js'
import {
  type ProviderServer,
  refill,
  startProviders,
  useProviders,
} from '../support/provider_server.js'

/**
 * Not as a request: its reader would wake a refresh at the time of the machine, to which the figures
 * of the fixed day are old.
 */
export const asGuest = <T>(work: () => Promise<T>) =>
  current.run({ ...guest(), via: 'console' }, work)
export const login = () => db.connection('login')
export const later = (seconds: number) => new Date(WORLD.now.getTime() + seconds * 1000)
export const refresh = async (datum: Datum, seconds = 0) => {
  await refill()
  return refreshDatum(datum, { now: later(seconds), pauseMs: 0 })
}
export const ofProvider = ({ feeds }: RefreshReport, provider: string) =>
  feeds.find((one) => one.provider === provider)
export const latest = async (datum: 'price_usd' | 'difficulty' | 'block_height') =>
  (await asGuest(() => latestValues([datum])))[datum]

/** What the adapters must read from the documented answers, in the units of the portal. */
export const VALUES: Record<string, Partial<Record<string, number>>> = {
  'price coingecko': { price_usd: 91_234.5, price_eur: 78_900.25, price_cny: 640_000.5 },
  'price blockchain_info': { price_usd: 91_234.5, price_eur: 78_900.25, price_cny: 640_000.5 },
  // mempool.space has whole units.
  'price mempool_space': { price_usd: 91_235, price_eur: 78_900 },
  'price deribit': { price_usd: 91_234.5 },
  'price binance': { price_usd: 91_234.5, price_eur: 78_900.25 },
  'price okx': { price_usd: 91_234.5 },
  'price bybit': { price_usd: 91_234.5 },
  'height bitcoin_rpc': { block_height: 925_123 },
  'height mempool_space': { block_height: 925_123 },
  'height blockchain_info': { block_height: 925_123 },
  'difficulty bitcoin_rpc': { difficulty: 152_271_285_835_563.25 },
  'difficulty mempool_space': { difficulty: 152_271_285_835_563.25 },
  // 1.5227128583556E14: cut to 14 digits.
  'difficulty blockchain_info': { difficulty: 152_271_285_835_560 },
  'hashrate bitcoin_rpc': { network_hashrate_ths: 1_090_000_000 },
  'hashrate mempool_space': { network_hashrate_ths: 1_090_000_000 },
  'hashrate blockchain_info': { network_hashrate_ths: 1_090_000_000 },
  'hashrate coinwarz': { network_hashrate_ths: 1_090_000_000 },
  'fees mempool_space': { fees_sats_per_block: 2_500_000 },
  'fees blockchain_info': { fees_sats_per_block: 2_500_000 },
  'mempool bitcoin_rpc': { mempool_fee_sat_vb: 4 },
  'mempool mempool_space': { mempool_fee_sat_vb: 4 },
  'fear_greed alternative_me': { fear_greed: 20 },
}
export const PRICE_PROVIDERS = Object.keys(VALUES)
  .filter((key) => key.startsWith('price '))
  .map((key) => key.slice('price '.length))

export let server: ProviderServer

export async function begin() {
  server = await startProviders()
  return useProviders(server)
}
