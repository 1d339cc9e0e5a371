import vine from '@vinejs/vine'
import { defineFeed, number, type Provider } from './adapter.js'

const HS_PER_THS = 1e12
const REWARD_BLOCKS = 144

const blocks = vine.array(vine.object({ height: number().withoutDecimals(), difficulty: number() }))

/** -1 stands for a price that none of its sources told. */
const known = (price: number) => (price === -1 ? null : price)

/** https://mempool.space/docs/api/rest; an own instance of it has the same addresses. */
export const mempoolSpace: Provider = {
  name: 'mempool_space',
  title: 'mempool.space',
  baseUrl: 'https://mempool.space',
  keyUse: 'none',
  perMinute: 20,
  burst: 12,
  feeds: {
    price: defineFeed({
      series: ['price_usd', 'price_eur'],
      ask: () => ({ path: '/api/v1/prices' }),
      schema: vine.object({ time: number(), USD: number(), EUR: number() }),
      pick: ({ time, USD, EUR }) => ({
        values: { price_usd: known(USD), price_eur: known(EUR) },
        at: new Date(time * 1000),
      }),
    }),
    height: defineFeed({
      ask: () => ({ path: '/api/v1/blocks' }),
      schema: blocks,
      pick: ([tip]) => ({ values: { block_height: tip?.height } }),
    }),
    difficulty: defineFeed({
      ask: () => ({ path: '/api/v1/blocks' }),
      schema: blocks,
      pick: ([tip]) => ({ values: { difficulty: tip?.difficulty } }),
    }),
    epochs: defineFeed({
      ask: () => ({ path: '/api/v1/mining/difficulty-adjustments/3y' }),
      // Unix seconds and height of the first block, difficulty, factor of the change.
      schema: vine.array(vine.array(number()).fixedLength(4)),
      pick: (adjustments) => ({
        epochs: adjustments.map(([seconds, firstHeight, difficulty]) => ({
          firstHeight: firstHeight!,
          firstBlockMs: seconds! * 1000,
          difficulty: difficulty!,
        })),
      }),
    }),
    hashrate: defineFeed({
      ask: () => ({ path: '/api/v1/mining/hashrate/3d' }),
      schema: vine.object({ currentHashrate: number() }),
      pick: ({ currentHashrate }) => ({
        values: { network_hashrate_ths: currentHashrate / HS_PER_THS },
      }),
    }),
    fees: defineFeed({
      ask: () => ({ path: `/api/v1/mining/reward-stats/${REWARD_BLOCKS}` }),
      schema: vine.object({
        startBlock: number().withoutDecimals(),
        endBlock: number().withoutDecimals(),
        totalFee: vine.string().regex(/^\d{1,15}$/),
      }),
      pick: ({ startBlock, endBlock, totalFee }) => {
        const count = endBlock - startBlock + 1
        return { values: { fees_sats_per_block: count > 0 ? Number(totalFee) / count : null } }
      },
    }),
    mempool: defineFeed({
      ask: () => ({ path: '/api/v1/fees/recommended' }),
      schema: vine.object({ halfHourFee: number() }),
      pick: ({ halfHourFee }) => ({ values: { mempool_fee_sat_vb: halfHourFee } }),
    }),
  },
}
