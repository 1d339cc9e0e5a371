import { test } from '@japa/runner'
import { bitcoinRpc } from '../../providers/bitcoin_rpc.js'
import { coinwarz } from '../../providers/coinwarz.js'
import { setKey } from '../../services/provider_changes.js'
import { feedNamed } from '../../services/provider_state.js'
import { tryNow } from '../../services/provider_trial.js'
import { json, text, WORLD } from '../support/provider_world.js'
import { onlyAsk, refill } from '../support/provider_server.js'
import {
  login,
  later,
  refresh,
  ofProvider,
  latest,
  VALUES,
  PRICE_PROVIDERS,
  server,
  begin,
} from './feeds_setup.js'

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
