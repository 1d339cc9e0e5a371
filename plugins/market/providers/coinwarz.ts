import vine from '@vinejs/vine'
import { defineFeed, number, type Provider } from './adapter.js'

/** TH/s in one of each unit that CoinWarz writes. */
const THS: Record<string, number> = {
  'H/s': 1e-12,
  'KH/s': 1e-9,
  'MH/s': 1e-6,
  'GH/s': 1e-3,
  'TH/s': 1,
  'PH/s': 1e3,
  'EH/s': 1e6,
  'ZH/s': 1e9,
}

const good = () => vine.literal(true)

/** https://www.coinwarz.com/v1/api/documentation: few calls a day, by key, which is in the query. */
export const coinwarz: Provider = {
  name: 'coinwarz',
  title: 'CoinWarz',
  baseUrl: 'https://www.coinwarz.com',
  keyUse: 'needed',
  perMinute: 0.05,
  burst: 4,
  feeds: {
    hashrate: defineFeed({
      ask: (key) => ({ path: '/v1/api/nethash', query: { apikey: key, coin: 'btc' } }),
      schema: vine.object({
        Success: good(),
        Data: vine.object({ NetHash: number(), Unit: vine.enum(Object.keys(THS)) }),
      }),
      pick: ({ Data }) => ({
        values: { network_hashrate_ths: Data.NetHash * (THS[Data.Unit] ?? Number.NaN) },
      }),
    }),
    coins: defineFeed({
      ask: (key) => ({ path: '/v1/api/profitability', query: { apikey: key, algo: 'sha-256' } }),
      schema: vine.object({
        Success: good(),
        Data: vine
          .array(
            vine.object({
              CoinTag: vine.string().minLength(1).maxLength(20),
              CoinName: vine.string().minLength(1).maxLength(80),
              Difficulty: number(),
              BlockReward: number(),
              BlockTimeInSeconds: number(),
              ExchangeRate: number(),
              ProfitRatio: number().nullable().optional(),
            })
          )
          .minLength(1)
          .maxLength(500),
      }),
      pick: ({ Data }) => ({
        coins: Data.map((coin) => ({
          tag: coin.CoinTag,
          name: coin.CoinName,
          difficulty: coin.Difficulty,
          blockReward: coin.BlockReward,
          blockTimeS: coin.BlockTimeInSeconds,
          exchangeRateBtc: coin.ExchangeRate,
          profitRatio: coin.ProfitRatio ?? null,
        })),
      }),
    }),
  },
}
