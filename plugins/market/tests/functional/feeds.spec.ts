import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import { test } from '@japa/runner'
import { current } from '#core/current'
import { backgroundDone } from '#services/background'
import { jobNamed } from '#services/jobs_catalog'
import { runInstallationJob } from '#services/jobs_installation'
import { guest } from '#services/identities'
import { BASE } from '#tests/support/actors'
import { latestValues, networkHashrateMean } from '../../api.js'
import { DATA, type Datum } from '../../domain/data.js'
import { bitcoinRpc } from '../../providers/bitcoin_rpc.js'
import { coinwarz } from '../../providers/coinwarz.js'
import { takeToken } from '../../services/provider_budget.js'
import { setKey } from '../../services/provider_changes.js'
import { feedNamed } from '../../services/provider_state.js'
import { tryNow } from '../../services/provider_trial.js'
import { refreshDatum, type RefreshReport } from '../../services/refresh_datum.js'
import { claim, finish } from '../../services/refresh_lease.js'
import { refreshState } from '../../services/refresh_state.js'
import { storedCoins } from '../../services/stored_coins.js'
import { thinPoints } from '../../services/thin_points.js'
import {
  EPOCHS,
  documented,
  json,
  onlyAsk,
  type ProviderServer,
  refill,
  startProviders,
  text,
  useProviders,
  WORLD,
} from '../support/provider_server.js'

const asGuest = <T>(work: () => Promise<T>) => current.run(guest(), work)
const login = () => db.connection('login')
const later = (seconds: number) => new Date(WORLD.now.getTime() + seconds * 1000)
const refresh = async (datum: Datum, seconds = 0) => {
  await refill()
  return refreshDatum(datum, { now: later(seconds), pauseMs: 0 })
}
const ofProvider = ({ feeds }: RefreshReport, provider: string) =>
  feeds.find((one) => one.provider === provider)
const latest = async (datum: 'price_usd' | 'difficulty' | 'block_height') =>
  (await asGuest(() => latestValues([datum])))[datum]

/** What the adapters must read from the documented answers, in the units of the portal. */
const VALUES: Record<string, Partial<Record<string, number>>> = {
  'price coingecko': { price_usd: 91_234.5, price_eur: 78_900.25, price_cny: 640_000.5 },
  'price blockchain_info': { price_usd: 91_234.5, price_eur: 78_900.25, price_cny: 640_000.5 },
  // mempool.space has whole units.
  'price mempool_space': { price_usd: 91_235, price_eur: 78_900 },
  'price deribit': { price_usd: 91_234.5 },
  'price binance': { price_usd: 91_234.5, price_eur: 78_900.25 },
  'price okx': { price_usd: 91_234.5 },
  'price bybit': { price_usd: 91_234.5 },
  'height bitcoin_rpc': { block_height: 925_123 },
  'height mempool_space': { block_height: 925_123 },
  'height blockchain_info': { block_height: 925_123 },
  'difficulty bitcoin_rpc': { difficulty: 152_271_285_835_563.25 },
  'difficulty mempool_space': { difficulty: 152_271_285_835_563.25 },
  // 1.5227128583556E14: cut to 14 digits.
  'difficulty blockchain_info': { difficulty: 152_271_285_835_560 },
  'hashrate bitcoin_rpc': { network_hashrate_ths: 1_090_000_000 },
  'hashrate mempool_space': { network_hashrate_ths: 1_090_000_000 },
  'hashrate blockchain_info': { network_hashrate_ths: 1_090_000_000 },
  'hashrate coinwarz': { network_hashrate_ths: 1_090_000_000 },
  'fees mempool_space': { fees_sats_per_block: 2_500_000 },
  'fees blockchain_info': { fees_sats_per_block: 2_500_000 },
  'mempool bitcoin_rpc': { mempool_fee_sat_vb: 4 },
  'mempool mempool_space': { mempool_fee_sat_vb: 4 },
  'fear_greed alternative_me': { fear_greed: 20 },
}
const PRICE_PROVIDERS = Object.keys(VALUES)
  .filter((key) => key.startsWith('price '))
  .map((key) => key.slice('price '.length))

let server: ProviderServer

async function begin() {
  server = await startProviders()
  return useProviders(server)
}

test.group('Adapters', (group) => {
  group.each.setup(begin)

  test('read what each provider documents, in the units of the portal', async ({ assert }) => {
    await setKey(coinwarz, 'a-key')
    for (const [key, values] of Object.entries(VALUES)) {
      const [datum, provider] = key.split(' ')
      const { report, reading } = await tryNow(await feedNamed(datum, provider), WORLD.now)
      assert.equal(report.state, 'ok', `${key}: ${report.reason} ${report.detail}`)
      assert.deepEqual(reading?.values, values, key)
    }
  })

  test('take the -1 of mempool.space for a price that it does not know', async ({ assert }) => {
    const seconds = WORLD.now.getTime() / 1000
    server.faults.set('mempool_space', json({ time: seconds, USD: 91_000, EUR: -1 }))
    const some = await tryNow(await feedNamed('price', 'mempool_space'), WORLD.now)
    assert.deepEqual(some.reading?.values, { price_usd: 91_000, price_eur: null })
    server.faults.set('mempool_space', json({ time: seconds, USD: -1, EUR: -1 }))
    const none = await tryNow(await feedNamed('price', 'mempool_space'), WORLD.now)
    assert.equal(none.report.reason, 'no_value')
  })

  test('give candles from every exchange alike', async ({ assert }) => {
    for (const provider of ['binance', 'okx', 'bybit', 'deribit']) {
      const { report, reading } = await tryNow(await feedNamed('candles', provider), WORLD.now)
      assert.equal(report.state, 'ok', `${provider}: ${report.reason} ${report.detail}`)
      const closed = reading!.candles!.filter(
        ({ atMs }) => atMs === Date.parse('2026-11-25T11:00Z')
      )
      const base = 50_000 + ((Date.parse('2026-11-25T11:00Z') / 3_600_000) % 1000)
      assert.deepEqual(
        closed,
        [
          {
            atMs: Date.parse('2026-11-25T11:00Z'),
            open: base,
            high: base + 20,
            low: base - 20,
            close: base + 10,
            volume: 12.5,
          },
        ],
        provider
      )
    }
  })

  test('send a key where it belongs and nowhere else', async ({ assert }) => {
    await setKey(bitcoinRpc, 'user:pass')
    await tryNow(await feedNamed('height', 'bitcoin_rpc'), WORLD.now)
    const basic = `Basic ${Buffer.from('user:pass').toString('base64')}`
    assert.equal(server.requests.at(-1)!.headers.authorization, basic)
    await setKey(bitcoinRpc, 'token')
    await tryNow(await feedNamed('height', 'bitcoin_rpc'), WORLD.now)
    assert.equal(server.requests.at(-1)!.headers.authorization, 'Bearer token')
    await login()
      .from('market_providers')
      .where('provider', 'bitcoin_rpc')
      .update({ base_url: `${server.url}/bitcoin_rpc/{key}` })
    server.answers['/bitcoin_rpc/token'] = server.answers['/bitcoin_rpc']!
    const { report } = await tryNow(await feedNamed('height', 'bitcoin_rpc'), WORLD.now)
    assert.equal(report.state, 'ok')
    assert.isUndefined(server.requests.at(-1)!.headers.authorization)
    await setKey(coinwarz, 'secret key')
    await tryNow(await feedNamed('hashrate', 'coinwarz'), WORLD.now)
    assert.equal(server.requests.at(-1)!.url, '/coinwarz/v1/api/nethash?apikey=secret+key&coin=btc')
  })

  test('name each fault for what it is, and believe none', async ({ assert }) => {
    const faults: [string, Parameters<typeof server.faults.set>[1], string][] = [
      ['500', (_, response) => response.writeHead(500).end('oops'), 'http_status'],
      ['451', (_, response) => response.writeHead(451).end('not here'), 'http_status'],
      [
        'HTML',
        (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
        'content_type',
      ],
      ['redirect', (_, r) => r.writeHead(302, { location: 'http://127.0.0.1/' }).end(), 'redirect'],
      [
        'cut off',
        (_, r) =>
          void r
            .writeHead(200, { 'content-type': 'application/json', 'content-length': '999' })
            .write('{"b', () => r.destroy()),
        'cut_off',
      ],
      [
        'half a JSON',
        (_, r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"bitcoin":{'),
        'not_json',
      ],
      ['null', json(null), 'schema'],
      ['empty', json({}), 'schema'],
      ['an error as JSON', json({ status: { error_code: 429 } }), 'schema'],
      [
        'texts for numbers',
        json({ bitcoin: { usd: '91234', eur: '1', cny: '1', last_updated_at: '1' } }),
        'schema',
      ],
      ['NaN', json({ bitcoin: { usd: null, eur: 1, cny: 1, last_updated_at: 1 } }), 'schema'],
      [
        'yesterday',
        json({
          bitcoin: {
            usd: 9e4,
            eur: 8e4,
            cny: 6e5,
            last_updated_at: later(-86_400).getTime() / 1000,
          },
        }),
        'outdated',
      ],
      [
        'tomorrow',
        json({
          bitcoin: {
            usd: 9e4,
            eur: 8e4,
            cny: 6e5,
            last_updated_at: later(86_400).getTime() / 1000,
          },
        }),
        'outdated',
      ],
      [
        '2 MB',
        (_, r) =>
          r.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(2e6)}"`),
        'too_large',
      ],
    ]
    for (const [name, fault, expected] of faults) {
      server.faults.set('coingecko', fault)
      await refill()
      const { report, reading } = await tryNow(await feedNamed('price', 'coingecko'), WORLD.now)
      assert.deepInclude(report, { state: 'failed', reason: expected }, name)
      assert.isNull(reading)
    }
    const { lastError, lastErrorAt } = await feedNamed('price', 'coingecko')
    assert.equal(lastError, 'too_large')
    assert.deepEqual(lastErrorAt, WORLD.now)
  })

  test('refuse wrong shapes of every provider', async ({ assert }) => {
    await setKey(coinwarz, 'a-key')
    for (const key of [
      ...Object.keys(VALUES),
      'candles binance',
      'candles okx',
      'candles bybit',
      'candles deribit',
      'coins coinwarz',
      'epochs mempool_space',
    ]) {
      const [datum, provider] = key.split(' ')
      for (const fault of [json({ answer: 1 }), json([[1, 2, 3]]), text('-1'), text('1e999x')]) {
        server.faults.set(provider!, fault)
        await refill()
        const { report } = await tryNow(await feedNamed(datum, provider), WORLD.now)
        assert.equal(report.state, 'failed', key)
        assert.oneOf(report.reason, ['schema', 'content_type', 'no_value'], key)
      }
    }
  })

  test('give up on slow hosts, all of them in the time of one', async ({ assert }) => {
    server.faults.set('*', () => undefined)
    const began = performance.now()
    const tries = await Promise.all(
      PRICE_PROVIDERS.map(async (name) => tryNow(await feedNamed('price', name), WORLD.now))
    )
    assert.deepEqual([...new Set(tries.map(({ report }) => report.reason))], ['timeout'])
    assert.isBelow(performance.now() - began, 9_000)
  }).timeout(20_000)

  test('leave a host alone for as long as it asks, without blaming it', async ({ assert }) => {
    await onlyAsk('price', ['coingecko'])
    server.faults.set('coingecko', (_, r) => r.writeHead(429, { 'retry-after': '120' }).end())
    assert.deepInclude(ofProvider(await refresh('price'), 'coingecko'), { reason: 'rate_limited' })
    assert.equal((await feedNamed('price', 'coingecko')).failures, 0)
    server.faults.clear()
    assert.deepInclude(ofProvider(await refresh('price', 119), 'coingecko'), {
      state: 'skipped',
      reason: 'paused',
    })
    assert.equal(server.asked('coingecko'), 1)
    assert.deepInclude(ofProvider(await refresh('price', 121), 'coingecko'), { state: 'ok' })
  })

  test('ask by ETag and take "not modified" for the same answer again', async ({ assert }) => {
    await onlyAsk('difficulty', ['mempool_space'])
    assert.equal((await refresh('difficulty')).outcome, 'stored')
    server.answers['/mempool_space/api/v1/blocks'] = (request, response) => {
      const isKnown = request.headers['if-none-match'] === 'W/"blocks-1"'
      response.writeHead(isKnown ? 304 : 500).end()
    }
    assert.equal((await refresh('difficulty', 60)).outcome, 'stored')
    assert.deepInclude(await latest('difficulty'), {
      value: WORLD.difficulty,
      at: later(60).toISOString(),
    })
  })

  test('never take an old answer for a fresh one, even if the host says nothing changed', async ({
    assert,
  }) => {
    await onlyAsk('price', ['coingecko'])
    assert.equal((await refresh('price')).outcome, 'stored')
    server.faults.set('coingecko', (_, response) => response.writeHead(304).end())
    assert.deepInclude(ofProvider(await refresh('price', 3600), 'coingecko'), {
      reason: 'outdated',
    })
  })
})

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

test.group('Epochs', (group) => {
  group.each.setup(begin)
  const stored = () => db.connection('login').from('market_epochs').orderBy('epoch')

  test('learn when each epoch began, once', async ({ assert }) => {
    assert.equal((await refresh('epochs')).outcome, 'stored')
    const rows = await stored()
    // 953,568 ÷ 2,016 = 473.
    assert.deepEqual(
      rows.map(({ epoch, bits }) => [epoch, bits]),
      [
        [473, 0x17_02_42_85],
        [474, 0x17_02_40_c3],
        [475, 0x17_02_ad_53],
      ]
    )
    assert.deepEqual(rows[1].first_block_at, new Date(1_705_700_000_000))
    assert.equal((await refresh('epochs', 7200)).outcome, 'complete')
  })

  test('refuse an epoch that begins at no retarget, or whose difficulty no target has', async ({
    assert,
  }) => {
    const [first, ...rest] = EPOCHS
    for (const wrong of [
      [first![0]!, 957_601, first![2]!, 1],
      [first![0]!, 957_600, first![2]! * 1.000_01, 1],
    ]) {
      server.faults.set('mempool_space', json([wrong, ...rest]))
      await refill()
      const { outcome, feeds } = await refresh('epochs')
      assert.equal(outcome, 'nothing')
      assert.equal(feeds[0]!.reason, 'implausible')
    }
    assert.lengthOf(await stored(), 0)
  })
})

test.group('Candles and coins', (group) => {
  group.each.setup(begin)
  const count = async (span: string) => {
    const [row] = await login().from('market_candles').where('span', span).count('* as rows')
    return Number(row.rows)
  }

  test('fill the gap of four years and ninety days, then ask for nothing that is there', async ({
    assert,
  }) => {
    const first = await refresh('candles')
    assert.equal(first.outcome, 'stored')
    // 1,461 days before 25 Nov 12:00 begin with 25 Nov 2022 12:00, so that 26 Nov is the first whole
    // one and 24 Nov 2026 the last closed; hours likewise: 90 × 24, the last one closed at 12:00.
    assert.equal(await count('1d'), 1460)
    assert.equal(await count('1h'), 2160)
    assert.equal(server.asked('binance'), 2 + 3)
    const again = await refresh('candles', 60)
    assert.equal(again.outcome, 'complete')
    assert.equal(server.asked('binance'), 5)
    const newest = await login().from('market_candles').where('span', '1h').max('at as at').first()
    assert.equal(newest.at.toISOString(), '2026-11-25T11:00:00.000Z')
    const { at, source, quality } = (await latest('price_usd'))!
    assert.deepEqual(
      { at, source, quality },
      { at: '2026-11-25T00:00:00.000Z', source: 'Binance BTC/USDT', quality: 'single' }
    )
  }).timeout(30_000)

  test('fill only what is missing, from the next exchange when one is unplugged', async ({
    assert,
  }) => {
    await refresh('candles')
    await login()
      .from('market_candles')
      .whereIn('at', [new Date('2026-11-20T00:00:00Z'), new Date('2026-11-20T05:00:00Z')])
      .delete()
    server.faults.set('binance', (_, response) => response.writeHead(500).end())
    assert.equal((await refresh('candles', 60)).outcome, 'stored')
    const rows = await login().from('market_candles').where('source', 'OKX BTC/USDT')
    assert.sameMembers(
      rows.map(({ span, at }) => `${span} ${at.toISOString()}`),
      ['1d 2026-11-20T00:00:00.000Z', '1h 2026-11-20T00:00:00.000Z', '1h 2026-11-20T05:00:00.000Z']
    )
    assert.equal((await refresh('candles', 120)).outcome, 'complete')
  }).timeout(30_000)

  test('refuse a candle that cannot be, with all that came with it', async ({ assert }) => {
    await onlyAsk('candles', ['bybit'])
    const day = String(Date.parse('2026-11-24T00:00:00Z'))
    for (const row of [
      [day, '100', '90', '80', '95', '1', '1'],
      [day, '0', '90', '0', '80', '1', '1'],
      [String(Number(day) + 1), '50', '90', '40', '80', '1', '1'],
      [day, '99999999999', '99999999999', '50', '80', '1', '1'],
    ]) {
      server.answers['/bybit/v5/market/kline'] = json({ retCode: 0, result: { list: [row] } })
      const { outcome, feeds } = await refresh('candles')
      assert.equal(outcome, 'nothing')
      assert.equal(feeds.find(({ provider }) => provider === 'bybit')!.reason, 'implausible')
      await login().from('market_feeds').update({ failures: 0, retry_at: null })
    }
    assert.equal(await count('1d'), 0)
  })

  test('leave alone what no exchange has, and come back for what is not told yet', async ({
    assert,
  }) => {
    await onlyAsk('candles', ['bybit'])
    const from = Date.parse('2026-11-20T00:00:00Z')
    const rows = [0, 1, 2, 3].map((day) => [
      String(from + day * 86_400_000),
      '100',
      '120',
      '90',
      '110',
      '1',
      '1',
    ])
    server.answers['/bybit/v5/market/kline'] = (request, response) => {
      const isDaily = request.url!.includes('interval=D')
      json({ retCode: 0, result: { list: isDaily ? rows : [] } })(request, response)
    }
    await refresh('candles')
    // Before 20 November there is nothing; 24 November is not told yet, though it is over.
    assert.equal(await count('1d'), 4)
    const { note } = await refreshState('candles')
    assert.equal((note as { blankBefore: Record<string, number> }).blankBefore['1d'], from)
    rows.push([String(from + 4 * 86_400_000), '100', '120', '90', '110', '1', '1'])
    await refresh('candles', 300)
    assert.equal(await count('1d'), 5)
  })

  test('list the coins once a key is set, and keep the list when the next one is none', async ({
    assert,
  }) => {
    await setKey(coinwarz, 'a-key')
    assert.equal((await refresh('coins')).outcome, 'stored')
    const coins = await asGuest(() => storedCoins())
    await refresh('price')
    const page = await fetch(`${BASE}/market?range=30d`)
    assert.include(await page.text(), 'Coins mined with SHA-256')
    assert.deepEqual(
      coins.map(({ tag, blockTimeS, source }) => ({ tag, blockTimeS, source })),
      [
        { tag: 'BTC', blockTimeS: 600, source: 'CoinWarz' },
        { tag: 'BCH', blockTimeS: 600, source: 'CoinWarz' },
      ]
    )
    server.faults.set('coinwarz', json({ Success: false, Message: 'Invalid API key', Data: null }))
    const { outcome, feeds } = await refresh('coins', 3600)
    assert.equal(outcome, 'nothing')
    assert.equal(feeds[0]!.reason, 'schema')
    assert.lengthOf(await asGuest(() => storedCoins()), 2)
  })
})

test.group('What is kept', (group) => {
  group.each.setup(begin)

  const put = (
    series: string,
    rows: { at: Date; value?: number; quality?: string; source?: string }[]
  ) =>
    login()
      .table('market_points')
      .multiInsert(
        rows.map(({ at, value = 1, quality = 'single', source = 'x' }) => ({
          series,
          at,
          value,
          quality,
          source,
        }))
      )

  test('thin out old points, and never those of a file', async ({ assert }) => {
    const at = (daysAgo: number, seconds: number) =>
      new Date(Date.parse('2026-11-25T12:00:00Z') - daysAgo * 86_400_000 + seconds * 1000)
    const ticks = (daysAgo: number, count: number, everySeconds: number) =>
      Array.from({ length: count }, (_, n) => ({ at: at(daysAgo, n * everySeconds) }))
    await put('price_usd', [
      ...ticks(1, 20, 30), // younger than two days: all 20 stay
      ...ticks(10, 20, 30), // ten minutes in bins of five: 2
      ...ticks(100, 24, 300), // two hours in bins of an hour: 2
      ...ticks(500, 48, 3600), // from noon to noon and noon again: 3 days
    ])
    await put(
      'price_usd',
      [...ticks(10, 20, 30)].map((one) => ({ ...one, quality: 'imported', source: 'file' }))
    )
    assert.deepEqual(await thinPoints(WORLD.now), { deleted: 112 - 27 })
    const [row] = await login().from('market_points').count('* as rows')
    assert.equal(Number(row.rows), 27 + 20)
    assert.deepEqual(await thinPoints(WORLD.now), { deleted: 0 })
  })

  test('count a day once in the mean of the week, however many points and sources it has', async ({
    assert,
  }) => {
    const newest = Date.parse('2026-11-25T12:00:00Z')
    const day = (ago: number, hours = 0) => new Date(newest - ago * 86_400_000 - hours * 3_600_000)
    await put('network_hashrate_ths', [
      ...Array.from({ length: 100 }, (_, n) => ({ at: day(0, n / 10), value: 900, source: 'a' })),
      { at: day(1), value: 600, source: 'b' },
      { at: day(6), value: 300, source: 'b' },
      { at: day(8), value: 1, source: 'b' },
    ])
    const mean = await asGuest(() => networkHashrateMean())
    // (900 + 600 + 300) / 3
    assert.containsSubset(mean, { value: 600, days: 3, source: 'a, b' })
  })
})
