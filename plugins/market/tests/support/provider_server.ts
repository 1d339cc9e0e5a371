import { difficultyFromBits } from '#core/chain/difficulty_from_bits'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import db from '@adonisjs/lucid/services/db'
import env from '#start/env'
import { PROVIDERS } from '../../providers/registry.js'
import { syncFeeds } from '../../services/provider_state.js'
import { forgetWakes } from '../../services/refresh_wake.js'

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

/** What the world looks like to all providers, in their units below. */
export interface World {
  now: Date
  usd: number
  eur: number
  cny: number
  height: number
  difficulty: number
  hashrateThs: number
  feesSats: number
  mempoolSatVb: number
  fearGreed: number
}

export const WORLD: World = {
  now: new Date('2026-11-25T12:00:00Z'),
  usd: 91_234.5,
  eur: 78_900.25,
  cny: 640_000.5,
  height: 925_123,
  difficulty: 152_271_285_835_563.25,
  hashrateThs: 1_090_000_000,
  feesSats: 2_500_000,
  mempoolSatVb: 4,
  fearGreed: 20,
}

const json =
  (value: unknown, headers: Record<string, string> = {}): Behaviour =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers })
    response.end(JSON.stringify(value))
  }

export const text =
  (value: string): Behaviour =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain;charset=UTF-8' })
    response.end(value)
  }

export { json }

const ms = (world: World) => world.now.getTime()

/** Documented answers of each provider, by the beginning of the path below its name. */
export function documented(world: World): Record<string, Behaviour> {
  const seconds = Math.floor(ms(world) / 1000)
  const tip = {
    id: '00',
    height: world.height,
    timestamp: seconds - 60,
    difficulty: world.difficulty,
  }
  return {
    '/coingecko/api/v3/simple/price': json(
      {
        bitcoin: {
          usd: world.usd,
          eur: world.eur,
          cny: world.cny,
          last_updated_at: seconds - 20,
        },
      },
      { etag: 'W/"cg-1"' }
    ),
    '/blockchain_info/ticker': json({
      USD: {
        '15m': world.usd,
        'last': world.usd,
        'buy': world.usd,
        'sell': world.usd,
        'symbol': 'USD',
      },
      EUR: {
        '15m': world.eur,
        'last': world.eur,
        'buy': world.eur,
        'sell': world.eur,
        'symbol': 'EUR',
      },
      CNY: {
        '15m': world.cny,
        'last': world.cny,
        'buy': world.cny,
        'sell': world.cny,
        'symbol': 'CNY',
      },
    }),
    '/blockchain_info/q/getblockcount': text(String(world.height)),
    '/blockchain_info/q/getdifficulty': text(world.difficulty.toExponential(13).replace('e+', 'E')),
    '/blockchain_info/q/hashrate': text(String(world.hashrateThs * 1000)),
    '/blockchain_info/stats': json({ total_fees_btc: world.feesSats * 150, n_blocks_mined: 150 }),
    '/mempool_space/api/v1/prices': json({
      time: seconds - 30,
      USD: Math.round(world.usd),
      EUR: Math.round(world.eur),
      GBP: 1,
      JPY: 1,
    }),
    '/mempool_space/api/v1/blocks': json([tip, { ...tip, height: world.height - 1 }], {
      etag: 'W/"blocks-1"',
    }),
    '/mempool_space/api/v1/mining/hashrate/3d': json({
      hashrates: [{ timestamp: seconds - 86_400, avgHashrate: world.hashrateThs * 1e12 }],
      difficulty: [],
      currentHashrate: world.hashrateThs * 1e12,
      currentDifficulty: world.difficulty,
    }),
    '/mempool_space/api/v1/mining/difficulty-adjustments/3y': json(EPOCHS),
    '/mempool_space/api/v1/mining/reward-stats/144': json({
      startBlock: world.height - 143,
      endBlock: world.height,
      totalReward: String(144 * (312_500_000 + world.feesSats)),
      totalFee: String(144 * world.feesSats),
      totalTx: '500000',
    }),
    '/mempool_space/api/v1/fees/recommended': json({
      fastestFee: 2 * world.mempoolSatVb,
      halfHourFee: world.mempoolSatVb,
      hourFee: 1,
      economyFee: 1,
      minimumFee: 1,
    }),
    '/deribit/api/v2/public/ticker': json({
      jsonrpc: '2.0',
      result: {
        instrument_name: 'BTC-PERPETUAL',
        index_price: world.usd,
        last_price: world.usd + 3,
        timestamp: ms(world) - 500,
      },
    }),
    '/binance/api/v3/ticker/24hr': json([
      { symbol: 'BTCUSDT', lastPrice: world.usd.toFixed(8), closeTime: ms(world) - 400 },
      { symbol: 'BTCEUR', lastPrice: world.eur.toFixed(8), closeTime: ms(world) - 400 },
    ]),
    '/binance/api/v3/klines': klines(world, (c) => [
      c.atMs,
      ...c.prices,
      '12.5',
      c.atMs + c.spanMs - 1,
      '1.0',
      100,
      '1.0',
      '1.0',
      '0',
    ]),
    '/okx/api/v5/market/ticker': json({
      code: '0',
      msg: '',
      data: [{ instId: 'BTC-USDT', last: String(world.usd), ts: String(ms(world) - 300) }],
    }),
    '/okx/api/v5/market/history-candles': okxCandles(world),
    '/bybit/v5/market/tickers': json({
      retCode: 0,
      retMsg: 'OK',
      time: ms(world) - 200,
      result: { category: 'spot', list: [{ symbol: 'BTCUSDT', lastPrice: String(world.usd) }] },
    }),
    '/bybit/v5/market/kline': bybitCandles(world),
    '/deribit/api/v2/public/get_tradingview_chart_data': deribitCandles(world),
    '/alternative_me/fng/': json({
      name: 'Fear and Greed Index',
      data: [
        {
          value: String(world.fearGreed),
          value_classification: 'Extreme Fear',
          timestamp: String(seconds - (seconds % 86_400)),
          time_until_update: '43200',
        },
      ],
      metadata: { error: null },
    }),
    '/coinwarz/v1/api/nethash': json({
      Success: true,
      Message: '',
      Data: { CoinTag: 'BTC', NetHash: world.hashrateThs / 1e6, Unit: 'EH/s' },
    }),
    '/coinwarz/v1/api/profitability': json({
      Success: true,
      Message: '',
      Data: [coin('BTC', 'Bitcoin', world.difficulty), coin('BCH', 'Bitcoin Cash', 8e11)],
    }),
    '/bitcoin_rpc': rpc(world),
  }
}

const coin = (tag: string, name: string, difficulty: number) => ({
  CoinTag: tag,
  CoinName: name,
  Algorithm: 'SHA-256',
  Difficulty: difficulty,
  BlockReward: 3.125,
  BlockCount: 925_123,
  ProfitRatio: tag === 'BTC' ? 100 : 98.5,
  ExchangeRate: tag === 'BTC' ? 1 : 0.005,
  BlockTimeInSeconds: 600,
})

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

const query = (request: IncomingMessage) => new URL(request.url!, 'http://x').searchParams

const klines =
  (world: World, row: (candle: Candle) => unknown[]): Behaviour =>
  (request, response) => {
    const q = query(request)
    const spanMs = SPANS[q.get('interval')!]!
    const found = candlesFrom(world, spanMs, Number(q.get('startTime')), Number(q.get('limit')))
    json(found.map(row))(request, response)
  }

const okxCandles =
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

const bybitCandles =
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

const deribitCandles =
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

const rpc =
  (world: World): Behaviour =>
  (request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      const { method, id } = JSON.parse(body)
      const results: Record<string, unknown> = {
        getblockchaininfo: {
          chain: 'main',
          blocks: world.height,
          headers: world.height,
          difficulty: world.difficulty,
          initialblockdownload: false,
        },
        getnetworkhashps: world.hashrateThs * 1e12,
        estimatesmartfee: { feerate: world.mempoolSatVb / 1e5, blocks: 3 },
      }
      json({ result: results[method], error: null, id })(request, response)
    })
  }

export interface ProviderServer {
  port: number
  url: string
  /** Path without its query → how often it was asked. */
  counts: Map<string, number>
  requests: IncomingMessage[]
  /** Provider name → what it does instead of answering as documented. */
  faults: Map<string, Behaviour>
  world: World
  answers: Record<string, Behaviour>
  asked(provider: string): number
  close(): Promise<void>
}

/** All providers at one local server, each below its own name. */
export async function startProviders(world: Partial<World> = {}): Promise<ProviderServer> {
  const counts = new Map<string, number>()
  const requests: IncomingMessage[] = []
  const faults = new Map<string, Behaviour>()
  const full = { ...WORLD, ...world }
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname
    counts.set(path, (counts.get(path) ?? 0) + 1)
    requests.push(request)
    const provider = path.split('/')[1]!
    const fault = faults.get(provider) ?? faults.get('*')
    if (fault) return fault(request, response)
    const known = self.answers
    const answer = known[path] ?? known[path.replace(/\/$/, '')]
    if (answer) return answer(request, response)
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end('no such path')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const self: ProviderServer = {
    port,
    url: `http://127.0.0.1:${port}`,
    counts,
    requests,
    faults,
    world: full,
    answers: documented(full),
    asked: (provider) =>
      [...counts].reduce(
        (sum, [path, count]) => sum + (path.split('/')[1] === provider ? count : 0),
        0
      ),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return self
}

const login = () => db.connection('login')

/** Every feed at the local server, all on, nothing remembered, nothing stored; undone afterwards. */
export async function useProviders(server: ProviderServer) {
  env.set('OUTSIDE_PRIVATE_HOSTS', `127.0.0.1:${server.port}`)
  env.set('MARKET_FEEDS', '1')
  await forgetAll()
  for (const { name } of PROVIDERS) {
    await login()
      .from('market_providers')
      .where('provider', name)
      .update({ base_url: `${server.url}/${name}` })
  }
  return async () => {
    env.set('MARKET_FEEDS', '0')
    env.set('OUTSIDE_PRIVATE_HOSTS', '')
    await forgetAll()
    await server.close()
  }
}

/**
 * Three epochs as mempool.space tells them: time and height of the first block, difficulty, factor.
 * The difficulties are those of the bits 0x17024285, 0x170240c3 and 0x1702ad53 (numerics 01 has the
 * second one).
 */
export const EPOCHS = [
  [1_706_900_000, 957_600, difficultyFromBits(0x17_02_ad_53), 0.84],
  [1_705_700_000, 955_584, difficultyFromBits(0x17_02_40_c3), 1.003],
  [1_704_500_000, 953_568, difficultyFromBits(0x17_02_42_85), 1.01],
]

/** A cold start: no figure, no state, the order of the registry. */
export async function forgetAll() {
  for (const table of ['points', 'candles', 'coins', 'epochs', 'refreshes', 'feeds', 'providers']) {
    await login().from(`market_${table}`).delete()
  }
  await syncFeeds()
  forgetWakes()
}

/** Asked anew at once: buckets full, no lease, no pause. Breakers stay as they are. */
export async function refill() {
  await login().from('market_providers').update({ tokens: 1000 })
}

/** Only these providers are asked for the datum. */
export const onlyAsk = async (datum: string, providers: string[]) => {
  await login()
    .from('market_feeds')
    .where('datum', datum)
    .whereNotIn('provider', providers)
    .update({ enabled: false })
}
