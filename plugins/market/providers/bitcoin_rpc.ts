import vine from '@vinejs/vine'
import { defineFeed, number, type Provider } from './adapter.js'

const HS_PER_THS = 1e12
/** A fee rate of BTC per 1,000 vbytes in satoshi per vbyte. */
const SAT_VB_PER_BTC_KVB = 1e5
const HASHRATE_BLOCKS = 144
/** Half an hour. */
const FEE_BLOCKS = 3

const call = (method: string, params: unknown[] = []) => ({
  path: '',
  json: { jsonrpc: '1.0', id: 'hashinsight', method, params },
})

const chain = vine.object({
  result: vine.object({
    blocks: number().withoutDecimals(),
    difficulty: number(),
    initialblockdownload: vine.boolean({ strict: true }),
  }),
})

/** A node that is still catching up tells of the past. */
const whenSynced = <T>(isBehind: boolean, value: T) => (isBehind ? null : value)

/**
 * Any node that speaks the RPC of Bitcoin Core: an own one (`user:password` as the key), or a
 * public one (a key without a colon is sent as a bearer, or stands for `{key}` in the address).
 */
export const bitcoinRpc: Provider = {
  name: 'bitcoin_rpc',
  title: 'Bitcoin Core RPC',
  baseUrl: null,
  keyUse: 'optional',
  keyHeader: (key) => ({
    authorization: key.includes(':')
      ? `Basic ${Buffer.from(key).toString('base64')}`
      : `Bearer ${key}`,
  }),
  perMinute: 60,
  burst: 20,
  feeds: {
    height: defineFeed({
      ask: () => call('getblockchaininfo'),
      schema: chain,
      pick: ({ result: { blocks, initialblockdownload } }) => ({
        values: { block_height: whenSynced(initialblockdownload, blocks) },
      }),
    }),
    difficulty: defineFeed({
      ask: () => call('getblockchaininfo'),
      schema: chain,
      pick: ({ result: { difficulty, initialblockdownload } }) => ({
        values: { difficulty: whenSynced(initialblockdownload, difficulty) },
      }),
    }),
    hashrate: defineFeed({
      ask: () => call('getnetworkhashps', [HASHRATE_BLOCKS]),
      schema: vine.object({ result: number() }),
      pick: ({ result }) => ({ values: { network_hashrate_ths: result / HS_PER_THS } }),
    }),
    mempool: defineFeed({
      ask: () => call('estimatesmartfee', [FEE_BLOCKS]),
      schema: vine.object({ result: vine.object({ feerate: number().optional() }) }),
      pick: ({ result: { feerate } }) => ({
        values: { mempool_fee_sat_vb: feerate === undefined ? null : feerate * SAT_VB_PER_BTC_KVB },
      }),
    }),
  },
}
