import { type IncomingMessage } from 'node:http'
import { type Behaviour, type World, json, ms } from './provider_world.js'

const SPANS: Record<string, number> = {
  '1d': 86_400_000,
  '1h': 3_600_000,
  'D': 86_400_000,
  '60': 3_600_000,
  '1D': 86_400_000,
  '1Dutc': 86_400_000,
  '1H': 3_600_000,
}

interface Candle {
  atMs: number
  spanMs: number
  prices: string[]
}

/** Candles from a moment on, up to the one that is not closed yet: open, high, low, close by the clock. */
export function candlesFrom(world: World, spanMs: number, fromMs: number, limit: number): Candle[] {
  const candles: Candle[] = []
  const first = Math.ceil(fromMs / spanMs) * spanMs
  for (let atMs = first; atMs <= ms(world) && candles.length < limit; atMs += spanMs) {
    const base = 50_000 + ((atMs / spanMs) % 1000)
    candles.push({
      atMs,
      spanMs,
      prices: [base, base + 20, base - 20, base + 10].map((price) => price.toFixed(2)),
    })
  }
  return candles
}

export const query = (request: IncomingMessage) => new URL(request.url!, 'http://x').searchParams

export const klines =
  (world: World, row: (candle: Candle) => unknown[]): Behaviour =>
  (request, response) => {
    const q = query(request)
    const spanMs = SPANS[q.get('interval')!]!
    const found = candlesFrom(world, spanMs, Number(q.get('startTime')), Number(q.get('limit')))
    json(found.map(row))(request, response)
  }

export const okxCandles =
  (world: World): Behaviour =>
  (request, response) => {
    const q = query(request)
    const spanMs = SPANS[q.get('bar')!]!
    const end = Number(q.get('after'))
    const limit = Number(q.get('limit'))
    const rows = candlesFrom(world, spanMs, end - limit * spanMs, limit)
      .filter(({ atMs }) => atMs < end)
      .reverse()
      .map(({ atMs, prices }) => [String(atMs), ...prices, '12.5', '1', '1', '1'])
    json({ code: '0', msg: '', data: rows })(request, response)
  }

export const bybitCandles =
  (world: World): Behaviour =>
  (request, response) => {
    const q = query(request)
    const found = candlesFrom(
      world,
      SPANS[q.get('interval')!]!,
      Number(q.get('start')),
      Number(q.get('limit'))
    )
    const list = found.reverse().map(({ atMs, prices }) => [String(atMs), ...prices, '12.5', '1'])
    json({ retCode: 0, retMsg: 'OK', result: { category: 'spot', list } })(request, response)
  }

export const deribitCandles =
  (world: World): Behaviour =>
  (request, response) => {
    const q = query(request)
    const spanMs = SPANS[q.get('resolution')!]!
    const found = candlesFrom(world, spanMs, Number(q.get('start_timestamp')), 1000)
    const column = (index: number) => found.map(({ prices }) => Number(prices[index]))
    json({
      jsonrpc: '2.0',
      result: {
        ticks: found.map(({ atMs }) => atMs),
        open: column(0),
        high: column(1),
        low: column(2),
        close: column(3),
        volume: found.map(() => 12.5),
        cost: found.map(() => 1),
        status: 'ok',
      },
    })(request, response)
  }
