import vine from '@vinejs/vine'
import { decimal, defineFeed, number, type Provider } from './adapter.js'
import { candleRow, toCandle } from './candle_row.js'

const INTERVALS = { '1d': 'D', '1h': '60' }
const PAGE = 1000
const good = () => number().in([0])

/** https://bybit-exchange.github.io/docs/v5/intro: dollars are USDT there, candles newest first. */
export const bybit: Provider = {
  name: 'bybit',
  title: 'Bybit',
  baseUrl: 'https://api.bybit.com',
  keyUse: 'none',
  perMinute: 30,
  burst: 15,
  feeds: {
    price: defineFeed({
      series: ['price_usd'],
      source: 'Bybit BTC/USDT',
      ask: () => ({
        path: '/v5/market/tickers',
        query: { category: 'spot', symbol: 'BTCUSDT' },
      }),
      schema: vine.object({
        retCode: good(),
        time: number(),
        result: vine.object({
          list: vine.array(vine.object({ lastPrice: decimal() })).minLength(1),
        }),
      }),
      pick: ({ result: { list }, time }) => ({
        values: { price_usd: Number(list[0]!.lastPrice) },
        at: new Date(time),
      }),
    }),
    candles: defineFeed({
      source: 'Bybit BTC/USDT',
      page: PAGE,
      ask: (_, { span, fromMs, spanMs }) => ({
        path: '/v5/market/kline',
        query: {
          category: 'spot',
          symbol: 'BTCUSDT',
          interval: INTERVALS[span],
          start: String(fromMs),
          end: String(fromMs + PAGE * spanMs - 1),
          limit: String(PAGE),
        },
      }),
      schema: vine.object({
        retCode: good(),
        result: vine.object({
          list: vine.array(candleRow()),
        }),
      }),
      pick: ({ result: { list } }) => ({ candles: list.map(toCandle) }),
    }),
  },
}
