import { test } from '@japa/runner'
import env from '#start/env'
import { makeMember, makeTenant, makeUser } from '#tests/helpers'
import { coinwarz } from '../../providers/coinwarz.js'
import { setKey } from '../../services/provider_changes.js'
import { feedNamed, keyOf } from '../../services/provider_state.js'
import { login, order, DEFAULT_ORDER, lastEvent, server, begin } from './providers_setup.js'

test.group('The page of data providers', (group) => {
  group.each.setup(begin)

  test('show every feed and how it is, to the staff of the platform', async ({
    client,
    assert,
  }) => {
    const admin = await makeUser({ platformRole: 'admin' })
    const page = await client.get('/market/providers').loginAs(admin)
    page.assertStatus(200)
    for (const text of [
      'CoinGecko',
      'Bitcoin Core RPC',
      'Needs a key',
      'Not asked yet',
      'Try now',
    ]) {
      page.assertTextIncludes(text)
    }
    server.faults.set('coingecko', (_, response) => response.writeHead(500).end())
    await client.post('/market/providers/coingecko/price/trial').loginAs(admin).withCsrfToken()
    const after = await client.get('/market/providers').loginAs(admin)
    after.assertTextIncludes('The host answered with an error status.')
    const chinese = await makeUser({ platformRole: 'admin', locale: 'zh' })
    const zh = await client.get('/market/providers').loginAs(chinese)
    zh.assertTextIncludes('全网难度')
    assert.notInclude(zh.text(), 'market_feeds.')
    assert.notInclude(page.text(), 'market_feeds.')
  })

  test('be closed to everybody else', async ({ client }) => {
    const tenant = await makeTenant()
    for (const role of ['mining_site_owner', 'operator', 'client'] as const) {
      const { user } = await makeMember(tenant, role)
      const page = await client.get('/market/providers').loginAs(user)
      page.assertStatus(403)
      const change = await client
        .post('/market/providers/coingecko/price/deactivation')
        .loginAs(user)
        .withCsrfToken()
      change.assertStatus(403)
    }
    const guest = await client.get('/market/providers').redirects(0)
    guest.assertStatus(302)
    guest.assertHeader('location', '/sign-in')
  })

  test('move, switch off and on, and track each change', async ({ client, assert }) => {
    const owner = await makeUser({ platformRole: 'owner' })
    const post = (path: string, form = {}) =>
      client
        .post(`/market/providers/${path}`)
        .loginAs(owner)
        .withCsrfToken()
        .form(form)
        .redirects(0)
    const moved = await post('mempool_space/price/position', { direction: 'up' })
    moved.assertStatus(302)
    moved.assertHeader('location', '/market/providers#price')
    const expected = ['coingecko', 'mempool_space', 'blockchain_info', ...DEFAULT_ORDER.slice(3)]
    assert.deepEqual(await order(), expected)
    assert.deepEqual(await lastEvent(), {
      name: 'market.feed.moved',
      facts: { datum: 'price', provider: 'mempool_space', order: expected },
      via: 'session',
      actorId: owner.id,
    })
    await post('coingecko/price/position', { direction: 'up' })
    assert.deepEqual(await order(), expected)
    await post('okx/price/deactivation')
    assert.isFalse((await feedNamed('price', 'okx')).enabled)
    assert.isTrue((await feedNamed('candles', 'okx')).enabled)
    assert.equal((await lastEvent()).name, 'market.feed.disabled')
    await post('okx/price/activation')
    assert.isTrue((await feedNamed('price', 'okx')).enabled)
  })

  test('refuse a direction, a datum and a provider that do not exist', async ({ client }) => {
    const owner = await makeUser({ platformRole: 'owner' })
    const post = (path: string, form = {}) =>
      client
        .post(`/market/providers/${path}`)
        .loginAs(owner)
        .withCsrfToken()
        .header('HX-Request', 'true')
        .form(form)
    const sideways = await post('okx/price/position', { direction: 'sideways' })
    sideways.assertStatus(422)
    for (const path of [
      'okx/weather/trial',
      'nobody/price/trial',
      'okx/height/activation',
      'nobody',
    ]) {
      const missing = await post(path)
      missing.assertStatus(404)
    }
  })

  test('keep a key encrypted, show only that it is set, and take it away', async ({
    client,
    assert,
  }) => {
    const owner = await makeUser({ platformRole: 'owner' })
    const secret = 'k3y-that-nobody-may-see'
    const save = (form: Record<string, string>) =>
      client
        .post('/market/providers/coinwarz')
        .loginAs(owner)
        .withCsrfToken()
        .form(form)
        .redirects(0)
    const saved = await save({ baseUrl: `${server.url}/coinwarz`, apiKey: secret })
    saved.assertStatus(302)
    const row = await login().from('market_providers').where('provider', 'coinwarz').first()
    assert.notInclude(row.key_sealed, secret)
    assert.equal(keyOf({ keySealed: row.key_sealed }), secret)
    assert.deepEqual((await lastEvent()).facts, { provider: 'coinwarz' })
    const events = await login()
      .from('account_events')
      .whereRaw('payload::text like ?', [`%${secret}%`])
    assert.lengthOf(events, 0)
    for (const path of ['/market/providers', '/market/providers/coinwarz/edit']) {
      const page = await client.get(path).loginAs(owner)
      page.assertTextIncludes('Set')
      assert.notInclude(page.text(), secret)
      assert.notInclude(page.text(), row.key_sealed)
    }
    await save({ baseUrl: `${server.url}/coinwarz`, apiKey: '' })
    const kept = await login().from('market_providers').where('provider', 'coinwarz').first()
    assert.equal(kept.key_sealed, row.key_sealed)
    await client
      .post('/market/providers/coinwarz/key/removal')
      .loginAs(owner)
      .withCsrfToken()
      .redirects(0)
    assert.isNull((await feedNamed('coins', 'coinwarz')).keySealed)
    assert.equal((await lastEvent()).name, 'market.provider.key_removed')
  })

  test('refuse a bad address beside its field, and keep the key that was typed out of the page', async ({
    client,
    assert,
  }) => {
    const owner = await makeUser({ platformRole: 'owner' })
    for (const baseUrl of [
      'nonsense',
      'ftp://x.example',
      'https://user:pw@x.example',
      'javascript:1',
    ]) {
      const page = await client
        .post('/market/providers/bitcoin_rpc')
        .header('referer', '/market/providers/bitcoin_rpc/edit')
        .loginAs(owner)
        .withCsrfToken()
        .form({ baseUrl, apiKey: 'typed-secret' })
      page.assertTextIncludes('Write an address like')
      assert.notInclude(page.text(), 'typed-secret')
    }
    const { baseUrl, keySealed } = await feedNamed('height', 'bitcoin_rpc')
    assert.equal(baseUrl, `${server.url}/bitcoin_rpc`)
    assert.isNull(keySealed)
    const keyless = await client
      .post('/market/providers/okx')
      .header('HX-Request', 'true')
      .loginAs(owner)
      .withCsrfToken()
      .form({ baseUrl: `${server.url}/okx`, apiKey: 'x' })
    keyless.assertStatus(422)
    for (const apiKey of ['line\nbreak', 'ключ']) {
      const refused = await client
        .post('/market/providers/coinwarz')
        .header('HX-Request', 'true')
        .loginAs(owner)
        .withCsrfToken()
        .form({ baseUrl: `${server.url}/coinwarz`, apiKey })
      refused.assertStatus(422)
    }
  })

  test('try one provider and show its answer, or the exact refusal, and store no figure', async ({
    client,
    assert,
  }) => {
    const owner = await makeUser({ platformRole: 'owner' })
    const attempt = (path: string) =>
      client.post(`/market/providers/${path}/trial`).loginAs(owner).withCsrfToken()
    const price = await attempt('coingecko/price')
    price.assertTextIncludes('It answered as documented.')
    price.assertTextIncludes('91,234.5')
    const candles = await attempt('okx/candles')
    candles.assertTextIncludes('OKX BTC/USDT')
    await setKey(coinwarz, 'a-key')
    const coins = await attempt('coinwarz/coins')
    coins.assertTextIncludes('Bitcoin Cash')
    server.faults.set('okx', (_, response) => response.writeHead(503).end())
    const failed = await attempt('okx/price')
    failed.assertTextIncludes('The host answered with an error status.')
    failed.assertTextIncludes('503')
    await login()
      .from('market_providers')
      .where('provider', 'deribit')
      .update({ base_url: 'http://127.0.0.1:1/' })
    const foreign = await attempt('deribit/price')
    foreign.assertTextIncludes('OUTSIDE_PRIVATE_HOSTS')
    await login()
      .from('market_providers')
      .where('provider', 'deribit')
      .update({ base_url: 'https://169.254.169.254/' })
    const metadata = await attempt('deribit/price')
    metadata.assertTextIncludes('The host is at a private or special address.')
    assert.lengthOf(await login().from('market_points'), 0)
    assert.lengthOf(await login().from('market_coins'), 0)
    env.set('MARKET_FEEDS', '0')
    const off = await attempt('coingecko/price')
    off.assertStatus(409)
  })
})
