import { difficultyFromBits } from '#core/chain/difficulty_from_bits'
import { type Behaviour, type World, json, text, ms } from './provider_world.js'
import { klines, okxCandles, bybitCandles, deribitCandles } from './provider_candles.js'

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
