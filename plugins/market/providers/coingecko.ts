import vine from '@vinejs/vine'
import { defineFeed, number, type Provider } from './adapter.js'

/** https://docs.coingecko.com/reference/simple-price: works without a key, more often with one. */
export const coingecko: Provider = {
  name: 'coingecko',
  title: 'CoinGecko',
  baseUrl: 'https://api.coingecko.com',
  keyUse: 'optional',
  keyHeader: (key) => ({ 'x-cg-demo-api-key': key }),
  perMinute: 6,
  burst: 6,
  feeds: {
    price: defineFeed({
      series: ['price_usd', 'price_eur', 'price_cny'],
      ask: () => ({
        path: '/api/v3/simple/price',
        query: { ids: 'bitcoin', vs_currencies: 'usd,eur,cny', include_last_updated_at: 'true' },
      }),
      schema: vine.object({
        bitcoin: vine.object({
          usd: number(),
          eur: number(),
          cny: number(),
          last_updated_at: number(),
        }),
      }),
      pick: ({ bitcoin: { usd, eur, cny, last_updated_at: seconds } }) => ({
        values: { price_usd: usd, price_eur: eur, price_cny: cny },
        at: new Date(seconds * 1000),
      }),
    }),
  },
}
