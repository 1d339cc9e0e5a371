import vine from '@vinejs/vine'
import { defineFeed, number, type Provider } from './adapter.js'

const RESOLUTIONS = { '1d': '1D', '1h': '60' }
const PAGE = 1000

/** https://docs.deribit.com: the index is in real dollars; candles are those of the perpetual. */
export const deribit: Provider = {
  name: 'deribit',
  title: 'Deribit',
  baseUrl: 'https://www.deribit.com',
  keyUse: 'none',
  perMinute: 30,
  burst: 15,
  feeds: {
    price: defineFeed({
      series: ['price_usd'],
      source: 'Deribit index',
      ask: () => ({
        path: '/api/v2/public/ticker',
        query: { instrument_name: 'BTC-PERPETUAL' },
      }),
      schema: vine.object({ result: vine.object({ index_price: number(), timestamp: number() }) }),
      pick: ({ result }) => ({
        values: { price_usd: result.index_price },
        at: new Date(result.timestamp),
      }),
    }),
    candles: defineFeed({
      source: 'Deribit BTC-PERPETUAL',
      page: PAGE,
      ask: (_, { span, fromMs, spanMs }) => ({
        path: '/api/v2/public/get_tradingview_chart_data',
        query: {
          instrument_name: 'BTC-PERPETUAL',
          start_timestamp: String(fromMs),
          end_timestamp: String(fromMs + PAGE * spanMs - 1),
          resolution: RESOLUTIONS[span],
        },
      }),
      schema: vine.object({
        result: vine.object({
          ticks: vine.array(number()),
          open: vine.array(number()),
          high: vine.array(number()),
          low: vine.array(number()),
          close: vine.array(number()),
          volume: vine.array(number()),
        }),
      }),
      pick: ({ result }) => ({
        candles: result.ticks.map((atMs, index) => ({
          atMs,
          open: result.open[index] ?? Number.NaN,
          high: result.high[index] ?? Number.NaN,
          low: result.low[index] ?? Number.NaN,
          close: result.close[index] ?? Number.NaN,
          volume: result.volume[index] ?? null,
        })),
      }),
    }),
  },
}
