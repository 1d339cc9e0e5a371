import vine from '@vinejs/vine'
import { decimal, defineFeed, number, type Provider } from './adapter.js'
import { toCandle } from './candle_row.js'

const INTERVALS = { '1d': '1d', '1h': '1h' }
const PAGE = 1000

/** https://developers.binance.com/docs/binance-spot-api-docs: dollars are USDT there. */
export const binance: Provider = {
  name: 'binance',
  title: 'Binance',
  baseUrl: 'https://api.binance.com',
  keyUse: 'none',
  perMinute: 30,
  burst: 15,
  feeds: {
    price: defineFeed({
      series: ['price_usd', 'price_eur'],
      source: 'Binance BTC/USDT, BTC/EUR',
      ask: () => ({
        path: '/api/v3/ticker/24hr',
        query: { symbols: '["BTCUSDT","BTCEUR"]', type: 'MINI' },
      }),
      schema: vine.array(
        vine.object({ symbol: vine.string(), lastPrice: decimal(), closeTime: number() })
      ),
      pick: (pairs) => {
        const of = (name: string) => pairs.find(({ symbol }) => symbol === name)
        const lastOf = (name: string) => {
          const pair = of(name)
          return pair ? Number(pair.lastPrice) : null
        }
        const dollar = of('BTCUSDT')
        return {
          values: { price_usd: lastOf('BTCUSDT'), price_eur: lastOf('BTCEUR') },
          ...(dollar ? { at: new Date(dollar.closeTime) } : {}),
        }
      },
    }),
    candles: defineFeed({
      source: 'Binance BTC/USDT',
      page: PAGE,
      ask: (_, { span, fromMs }) => ({
        path: '/api/v3/klines',
        query: {
          symbol: 'BTCUSDT',
          interval: INTERVALS[span],
          startTime: String(fromMs),
          limit: String(PAGE),
        },
      }),
      schema: vine.array(
        vine
          .tuple([number(), decimal(), decimal(), decimal(), decimal(), decimal()])
          .allowUnknownProperties()
      ),
      pick: (rows) => ({
        candles: rows.map(toCandle),
      }),
    }),
  },
}
