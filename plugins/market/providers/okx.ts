import vine from '@vinejs/vine'
import { decimal, defineFeed, type Provider } from './adapter.js'
import { candleRow, toCandle } from './candle_row.js'

const BARS = { '1d': '1Dutc', '1h': '1H' }
const PAGE = 100
const good = () => vine.string().in(['0'])

/** https://www.okx.com/docs-v5: dollars are USDT there, candles come newest first. */
export const okx: Provider = {
  name: 'okx',
  title: 'OKX',
  baseUrl: 'https://www.okx.com',
  keyUse: 'none',
  perMinute: 30,
  burst: 15,
  feeds: {
    price: defineFeed({
      series: ['price_usd'],
      source: 'OKX BTC/USDT',
      ask: () => ({ path: '/api/v5/market/ticker', query: { instId: 'BTC-USDT' } }),
      schema: vine.object({
        code: good(),
        data: vine.array(vine.object({ last: decimal(), ts: decimal() })).minLength(1),
      }),
      pick: ({ data: [ticker] }) => ({
        values: { price_usd: Number(ticker!.last) },
        at: new Date(Number(ticker!.ts)),
      }),
    }),
    candles: defineFeed({
      source: 'OKX BTC/USDT',
      page: PAGE,
      // `after` means: older than.
      ask: (_, { span, fromMs, spanMs }) => ({
        path: '/api/v5/market/history-candles',
        query: {
          instId: 'BTC-USDT',
          bar: BARS[span],
          after: String(fromMs + PAGE * spanMs),
          limit: String(PAGE),
        },
      }),
      schema: vine.object({
        code: good(),
        data: vine.array(candleRow()),
      }),
      pick: ({ data }) => ({ candles: data.map(toCandle) }),
    }),
  },
}
