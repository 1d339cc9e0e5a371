import logger from '@adonisjs/core/services/logger'
import { test } from '@japa/runner'
import { backgroundDone } from '#services/background'
import { jobNamed } from '#services/jobs_catalog'
import { runInstallationJob } from '#services/jobs_installation'
import { BASE } from '#tests/support/actors'
import { latestValues, networkHashrateMean } from '../../api.js'
import { DATA } from '../../domain/data.js'
import { takeToken } from '../../services/provider_budget.js'
import { feedNamed } from '../../services/provider_state.js'
import { refreshDatum } from '../../services/refresh_datum.js'
import { claim, finish } from '../../services/refresh_lease.js'
import { refreshState } from '../../services/refresh_state.js'
import { documented } from '../support/provider_answers.js'
import { json, WORLD } from '../support/provider_world.js'
import { onlyAsk } from '../support/provider_server.js'
import {
  asGuest,
  login,
  later,
  refresh,
  ofProvider,
  latest,
  PRICE_PROVIDERS,
  server,
  begin,
} from './feeds_setup.js'

test.group('Refreshing', (group) => {
  group.each.setup(begin)

  test('fill every series from a cold start, with source, quality and what each source said', async ({
    assert,
  }) => {
    for (const datum of DATA) {
      const report = await refresh(datum)
      if (datum === 'coins') assert.equal(report.outcome, 'unset')
      else assert.equal(report.outcome, 'stored', `${datum} ${JSON.stringify(report.feeds)}`)
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
  })

  test('keep the price agreed whichever provider is unplugged, and come back by itself', async ({
    assert,
  }) => {
    for (const [index, unplugged] of PRICE_PROVIDERS.entries()) {
      server.faults.set(unplugged, (request) => request.socket.destroy())
      assert.equal((await refresh('price', 30 * index)).outcome, 'stored', unplugged)
      const price = await latest('price_usd')
      assert.deepInclude(price, { quality: 'agreed', at: later(30 * index).toISOString() })
      assert.isAtLeast(price!.detail!.length, 2)
      const label = (await feedNamed('price', unplugged)).provider.title
      assert.notInclude(price!.source, label, unplugged)
      server.faults.delete(unplugged)
    }
  })

  test('say how old the figure is when all are unplugged, log it once, and recover without a restart', async ({
    assert,
    cleanup,
  }) => {
    const warnings: unknown[] = []
    const { warn } = logger
    cleanup(() => void (logger.warn = warn))
    logger.warn = ((...words: unknown[]) => void warnings.push(words)) as typeof warn
    await refresh('price')
    server.faults.set('*', (request) => request.socket.destroy())
    for (let tick = 1; tick <= 40; tick++) {
      const { outcome } = await refresh('price', 30 * tick)
      assert.equal(outcome, 'nothing')
    }
    assert.lengthOf(warnings, 1)
    const { failingSince } = await refreshState('price')
    assert.deepEqual(failingSince, later(30))
    assert.deepInclude(await latest('price_usd'), { value: 91_234.5, at: WORLD.now.toISOString() })
    // 40 ticks at 7 hosts would be 280 questions without breakers.
    const asked = PRICE_PROVIDERS.reduce((sum, name) => sum + server.asked(name), 0)
    assert.isBelow(asked, 7 * 12)
    assert.equal((await feedNamed('price', 'okx')).failures > 2, true)

    server.faults.clear()
    server.answers = documented({ ...WORLD, now: later(1900), usd: 91_500 })
    const { outcome } = await refresh('price', 1900)
    assert.equal(outcome, 'stored')
    assert.deepInclude(await latest('price_usd'), { value: 91_500, quality: 'agreed' })
    assert.isNull((await refreshState('price')).failingSince)
    assert.lengthOf(warnings, 1)
  })

  test('show nothing on a cold start without any provider, never a constant', async ({
    assert,
    client,
  }) => {
    server.faults.set('*', (_, response) => response.writeHead(500).end())
    for (const datum of DATA) await refresh(datum)
    assert.deepEqual(await asGuest(() => latestValues()), {})
    assert.isNull(await asGuest(() => networkHashrateMean()))
    const page = await client.get('/market')
    page.assertStatus(200)
    page.assertTextIncludes('No market data yet')
    await backgroundDone()
  })

  test('flag two sources that contradict each other, and keep what each said', async ({
    assert,
  }) => {
    await onlyAsk('price', ['coingecko', 'blockchain_info'])
    server.answers['/blockchain_info/ticker'] = documented({ ...WORLD, usd: 95_000 })[
      '/blockchain_info/ticker'
    ]!
    assert.equal((await refresh('price')).outcome, 'disputed')
    const found = await asGuest(() => latestValues(['price_usd', 'price_eur']))
    assert.deepInclude(found.price_usd, {
      value: 91_234.5,
      source: 'CoinGecko',
      quality: 'disputed',
    })
    assert.deepEqual(found.price_usd!.detail, [
      { source: 'CoinGecko', value: 91_234.5, verdict: 'used' },
      { source: 'blockchain.info', value: 95_000, verdict: 'differs' },
    ])
    assert.equal(found.price_eur!.quality, 'agreed')
  })

  test('ask a third source when two contradict, and side with the two that agree', async ({
    assert,
  }) => {
    server.answers['/coingecko/api/v3/simple/price'] = documented({ ...WORLD, usd: 80_000 })[
      '/coingecko/api/v3/simple/price'
    ]!
    assert.equal((await refresh('price')).outcome, 'stored')
    const price = await latest('price_usd')
    assert.deepInclude(price, { value: 91_234.5, quality: 'agreed' })
    assert.deepInclude(price!.detail, { source: 'CoinGecko', value: 80_000, verdict: 'differs' })
  })

  test('say "single" when only one could be asked', async ({ assert }) => {
    for (const name of PRICE_PROVIDERS.slice(1)) {
      server.faults.set(name, (_, response) => response.writeHead(500).end())
    }
    assert.equal((await refresh('price')).outcome, 'stored')
    assert.deepInclude(await latest('price_usd'), { source: 'CoinGecko', quality: 'single' })
  })

  test('refuse a figure that does not follow from the last one, until a second source says so', async ({
    assert,
  }) => {
    await onlyAsk('difficulty', ['mempool_space', 'blockchain_info'])
    await refresh('difficulty')
    const jump = documented({ ...WORLD, difficulty: 5 * WORLD.difficulty })
    server.answers['/mempool_space/api/v1/blocks'] = jump['/mempool_space/api/v1/blocks']!
    server.faults.set('blockchain_info', (_, response) => response.writeHead(500).end())
    const alone = await refresh('difficulty', 60)
    assert.equal(alone.outcome, 'nothing')
    assert.deepInclude(ofProvider(alone, 'mempool_space'), {
      state: 'failed',
      reason: 'implausible',
    })
    assert.deepInclude(await latest('difficulty'), { value: WORLD.difficulty })

    server.faults.clear()
    await refresh('difficulty', 120)
    assert.deepInclude(await latest('difficulty'), { source: 'blockchain.info', quality: 'single' })

    server.answers['/blockchain_info/q/getdifficulty'] = jump['/blockchain_info/q/getdifficulty']!
    await refresh('difficulty', 180)
    assert.deepInclude(await latest('difficulty'), {
      value: 5 * WORLD.difficulty,
      source: 'mempool.space, blockchain.info',
      quality: 'agreed',
    })
  })

  test('believe no absurd figure, whoever seconds it', async ({ assert }) => {
    const absurd = documented({ ...WORLD, usd: 0.01, eur: 1e12, cny: -5 })
    for (const name of [
      'coingecko',
      'blockchain_info',
      'mempool_space',
      'binance',
      'okx',
      'bybit',
      'deribit',
    ]) {
      for (const [path, answer] of Object.entries(absurd)) {
        if (path.startsWith(`/${name}/`)) server.answers[path] = answer
      }
    }
    assert.equal((await refresh('price')).outcome, 'nothing')
    assert.deepEqual(await asGuest(() => latestValues()), {})
  })

  test('store no height of a node that is still catching up', async ({ assert }) => {
    server.faults.set(
      'bitcoin_rpc',
      json({ result: { blocks: 1000, difficulty: 1, initialblockdownload: true } })
    )
    const { feeds } = await refresh('height')
    assert.deepInclude(feeds[0], { reason: 'no_value' })
    assert.deepInclude(await latest('block_height'), { value: 925_123, source: 'mempool.space' })
  })

  test('be done by one process at a time, and again after a process that died', async ({
    assert,
  }) => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => refreshDatum('fees', { now: WORLD.now }))
    )
    assert.lengthOf(
      all.filter(({ outcome }) => outcome === 'stored'),
      1
    )
    assert.lengthOf(
      all.filter(({ outcome }) => outcome === 'busy'),
      19
    )
    assert.equal(server.asked('mempool_space'), 1)
    // Half of its interval of 5 minutes must have passed.
    assert.equal((await refreshDatum('fees', { now: later(140) })).outcome, 'busy')

    const dead = await claim('fees', later(200), 0)
    assert.isNotNull(dead)
    assert.isNull(await claim('fees', later(244), 0))
    assert.equal((await refreshDatum('fees', { now: later(246) })).outcome, 'stored')
    const late = await finish(dead!, later(250), async () => ({ outcome: 'x', isFailure: false }))
    assert.isNull(late)
  })

  test('cause one question when 1,000 readers find nothing at once', async ({ assert }) => {
    server.answers = documented({ ...WORLD, now: new Date() })
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => fetch(`${BASE}/market/latest`))
    )
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    await Promise.all(answers.map((answer) => answer.text()))
    await backgroundDone()
    assert.deepEqual(
      [...server.counts].filter(([, count]) => count !== 1),
      [['/bitcoin_rpc', 4]],
      'height, difficulty, hashrate and mempool have one address at a node'
    )
    assert.equal(server.counts.get('/coingecko/api/v3/simple/price'), 1)
    const warm = await fetch(`${BASE}/market/latest`)
    assert.include(await warm.text(), '91,23')
    await backgroundDone()
    assert.equal(server.counts.get('/coingecko/api/v3/simple/price'), 1)
  }).timeout(60_000)

  test('run as jobs of the installation, one for each datum, once a tick', async ({ assert }) => {
    for (const datum of DATA) {
      const { scope } = await jobNamed(`market.refresh_${datum}`)
      assert.equal(scope, 'installation', datum)
    }
    server.answers = documented({ ...WORLD, now: new Date() })
    const tick = new Date(Math.floor(Date.now() / 60_000) * 60_000)
    const ran = await Promise.all(
      [1, 2].map(() => runInstallationJob('market.refresh_height', tick))
    )
    assert.sameMembers(ran, [true, false])
    const run = await login()
      .from('installation_runs')
      .where({ job: 'market.refresh_height', tick_at: tick })
      .first()
    assert.containsSubset(run, { state: 'done', result: { datum: 'height', outcome: 'stored' } })
    assert.equal((await latest('block_height'))!.value, 925_123)
  })

  test('ask nobody while fetching is switched off', async ({ assert }) => {
    process.env.MARKET_FEEDS = '0'
    assert.equal((await refreshDatum('price', { now: WORLD.now })).outcome, 'off')
    await asGuest(() => latestValues())
    await backgroundDone()
    assert.lengthOf(server.requests, 0)
  })

  test('never spend the same token twice, however many ask', async ({ assert }) => {
    const { provider } = await feedNamed('price', 'coingecko')
    const taken = await Promise.all(
      Array.from({ length: 30 }, () => takeToken(provider, WORLD.now))
    )
    assert.lengthOf(taken.filter(Boolean), provider.burst)
    // 6 a minute: one more after ten seconds.
    assert.isFalse(await takeToken(provider, later(9)))
    assert.isTrue(await takeToken(provider, later(19)))
  })
})
