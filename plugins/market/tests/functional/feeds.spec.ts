import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { current } from '#core/current'
import { guest } from '#services/identities'
import { latestValues } from '../../api.js'
import { DATA } from '../../domain/data.js'
import { refreshDatum } from '../../services/refresh_datum.js'
import {
  startProviders,
  useProviders,
  WORLD,
  type ProviderServer,
} from '../support/provider_server.js'

const asGuest = <T>(work: () => Promise<T>) => current.run(guest(), work)
const later = (seconds: number) => new Date(WORLD.now.getTime() + seconds * 1000)

test.group('Market feeds', (group) => {
  let server: ProviderServer

  group.each.setup(async () => {
    server = await startProviders()
    return useProviders(server)
  })

  test('fill every series from a cold start, with source, quality and what each source said', async ({
    assert,
  }) => {
    for (const datum of DATA) {
      const report = await refreshDatum(datum, { now: WORLD.now })
      if (datum === 'coins') continue
      assert.equal(report.outcome, 'stored', `${datum} ${JSON.stringify(report.feeds)}`)
    }
    const { price_usd: usd, ...found } = await asGuest(() => latestValues())
    assert.deepEqual(usd, {
      series: 'price_usd',
      value: 91_234.5,
      source: 'CoinGecko, blockchain.info',
      at: WORLD.now.toISOString(),
      quality: 'agreed',
      detail: [
        { source: 'CoinGecko', value: 91_234.5, verdict: 'used' },
        { source: 'blockchain.info', value: 91_234.5, verdict: 'agrees' },
      ],
    })
    assert.containsSubset(found, {
      price_eur: { value: 78_900.25, quality: 'agreed' },
      price_cny: { value: 640_000.5, quality: 'agreed' },
      block_height: { value: 925_123, source: 'Bitcoin Core RPC', quality: 'single' },
      difficulty: { value: 152_271_285_835_563.25, source: 'Bitcoin Core RPC' },
      network_hashrate_ths: { value: 1_090_000_000, source: 'Bitcoin Core RPC' },
      fees_sats_per_block: { value: 2_500_000, source: 'mempool.space' },
      mempool_fee_sat_vb: { value: 4, source: 'Bitcoin Core RPC' },
      fear_greed: { value: 20, source: 'alternative.me', at: '2026-11-25T00:00:00.000Z' },
    })
    void later
    void db
  })
})
