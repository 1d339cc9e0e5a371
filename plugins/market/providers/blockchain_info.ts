import vine from '@vinejs/vine'
import { defineFeed, number, type Provider } from './adapter.js'

const GHS_PER_THS = 1000

/** A plain number as text; difficulty comes as `1.2E14`. */
const plain = () => vine.string().regex(/^\d{1,25}(\.\d{1,20})?([eE]\+?\d{1,2})?$/)
const last = () => vine.object({ last: number() })

/** https://www.blockchain.com/explorer/api: /ticker, /q and /stats. */
export const blockchainInfo: Provider = {
  name: 'blockchain_info',
  title: 'blockchain.info',
  baseUrl: 'https://blockchain.info',
  keyUse: 'none',
  perMinute: 12,
  burst: 8,
  feeds: {
    price: defineFeed({
      series: ['price_usd', 'price_eur', 'price_cny'],
      ask: () => ({ path: '/ticker' }),
      schema: vine.object({ USD: last(), EUR: last(), CNY: last().optional() }),
      pick: ({ USD, EUR, CNY }) => ({
        values: { price_usd: USD.last, price_eur: EUR.last, price_cny: CNY?.last },
      }),
    }),
    height: defineFeed({
      isText: true,
      ask: () => ({ path: '/q/getblockcount' }),
      schema: vine.string().regex(/^\d{1,9}$/),
      pick: (text) => ({ values: { block_height: Number(text) } }),
    }),
    difficulty: defineFeed({
      isText: true,
      ask: () => ({ path: '/q/getdifficulty' }),
      schema: plain(),
      pick: (text) => ({ values: { difficulty: Number(text) } }),
    }),
    hashrate: defineFeed({
      isText: true,
      ask: () => ({ path: '/q/hashrate' }),
      schema: plain(),
      pick: (text) => ({ values: { network_hashrate_ths: Number(text) / GHS_PER_THS } }),
    }),
    // Of the last 24 h, which are 144 blocks give or take their luck.
    fees: defineFeed({
      source: 'blockchain.info, 24 h',
      ask: () => ({ path: '/stats', query: { format: 'json' } }),
      schema: vine.object({ total_fees_btc: number(), n_blocks_mined: number() }),
      pick: ({ total_fees_btc: sats, n_blocks_mined: blocks }) => ({
        values: { fees_sats_per_block: blocks > 0 ? sats / blocks : null },
      }),
    }),
  },
}
