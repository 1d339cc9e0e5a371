import ace from '@adonisjs/core/services/ace'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeMember, makeTenant } from '#tests/helpers'
import { answerOf, GOLDEN } from '../support/answers.js'

test.group('Calculator page', () => {
  test('give a guest the golden answer, with the source of every input', async ({
    client,
    assert,
  }) => {
    const response = await client.get('/calculator').qs(GOLDEN)
    response.assertStatus(200)
    const answer = answerOf(response.text())
    assert.closeTo(answer.btcPerDay, 0.10290911, 5e-9)
    assert.closeTo(answer.profitUsdPerDay, 6030.91, 0.005)
    assert.closeTo(answer.breakEvenUsdPerKwh, 0.12079, 5e-6)
    assert.closeTo(answer.breakEvenUsdPerBtc, 41395.75, 0.005)
    assert.isNull(answer.btcPerDayByNetwork)
    assert.equal(answer.networkReason, 'E_NO_NETWORK_HASHRATE')
    assert.equal(answer.sources.btcUsd.source, 'typed')
    assert.equal(answer.sources.overheadPct.source, 'assumption')
    response.assertTextIncludes('$6,030.91')
  })

  test('say what is missing instead of inventing a price', async ({ client, assert }) => {
    const response = await client
      .get('/calculator')
      .qs({ hashrateThs: 200, powerW: 3550, usdPerKwh: 0.05 })
    response.assertStatus(200)
    response.assertTextIncludes('Type a bitcoin price: none is stored.')
    assert.isNull(answerOf(response.text()))
  })

  test('put a bad value beside its field in the language of the person', async ({ client }) => {
    const response = await client
      .get('/calculator')
      .qs({ ...GOLDEN, usdPerKwh: 'cheap' })
      .header('accept-language', 'zh-CN')
    response.assertTextIncludes('必须是数字。')
    response.assertTextIncludes('value="cheap"')
  })

  test('read a difficulty as people write it', async ({ client, assert }) => {
    const response = await client.get('/calculator').qs({ ...GOLDEN, difficulty: '119.12 T' })
    assert.equal(answerOf(response.text()).sources.difficulty.value, 119_120_000_000_000)
  })

  test('take hashrate, power and evidence from the catalogue', async ({ client, assert }) => {
    const list = await client.get('/calculator')
    const [, id] = /value="([0-9a-f-]{36})"[^>]*>Bitmain Antminer S21,/.exec(list.text())!
    const { hashrateThs, powerW, ...rest } = GOLDEN
    const response = await client.get('/calculator').qs({ ...rest, modelId: id, count: 10 })
    const answer = answerOf(response.text())
    assert.deepEqual(answer.sources.hashrateThs.value, 2000)
    assert.deepEqual(answer.sources.powerW.value, 35_000)
    assert.equal(answer.sources.hashrateThs.source, 'catalogue')
    assert.match(answer.model.evidence, /^[ABC]$/)
    assert.isAbove(hashrateThs + powerW, 0)
  })

  test('use the usual electricity price that the tenant set', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    await asSystem(tenant, () =>
      current
        .get()
        .client.table('plugin_settings')
        .insert({
          tenant_id: tenant.id,
          plugin: 'calculator',
          values: JSON.stringify({ usdPerKwh: 0.031 }),
        })
    )
    const { usdPerKwh: _, ...rest } = GOLDEN
    const response = await client.get('/calculator').qs(rest).loginAs(user)
    const { value, source } = answerOf(response.text()).sources.usdPerKwh
    assert.deepEqual({ value, source }, { value: 0.031, source: 'setting' })
  })

  test('vanish with its command for a tenant that switched the plugin off, and come back', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const set = (enabled: boolean) =>
      asSystem(tenant, () =>
        current
          .get()
          .client.knexQuery()
          .table('tenant_plugins')
          .insert({ tenant_id: tenant.id, plugin: 'calculator', enabled })
          .onConflict(['tenant_id', 'plugin'])
          .merge()
      )
    await set(false)
    const gone = await client.get('/calculator').loginAs(user)
    gone.assertStatus(404)
    const home = await client.get('/market').loginAs(user)
    assert.notInclude(home.text(), 'href="/calculator"')
    const flags = ['--hashrate-ths=200', '--power-w=3000', '--usd-per-kwh=0.05', '--btc-usd=1e5']
    const ask = () =>
      ace.exec('calculator:profit', [...flags, '--difficulty=1e14', `--tenant=${tenant.slug}`])
    assert.equal((await ask()).exitCode, 1)
    await set(true)
    assert.notEqual((await ask()).exitCode, 1)
    const back = await client.get('/calculator').loginAs(user)
    back.assertStatus(200)
    assert.include(back.text(), 'href="/calculator"')
  })

  test('limit guests by their network and tell them when to come back', async ({
    client,
    assert,
  }) => {
    const ask = () => client.get('/calculator').header('accept', 'text/html')
    let last = await ask()
    for (let index = 0; index < 130 && last.status() === 200; index++) last = await ask()
    assert.equal(last.status(), 429)
    assert.isAbove(Number(last.header('retry-after')), 0)
  }).teardown(async () => {
    await db.connection('login').from('rate_limits').delete()
  })
})

test.group('Calculator page | a site instead of a number', () => {
  const ONE = { ...GOLDEN, hashrateThs: 200, powerW: 3500 }

  test('fill a site with miners and count its losses', async ({ client, assert }) => {
    const response = await client.get('/calculator').qs({ ...ONE, siteMw: 1, pue: 1.05 })
    const answer = answerOf(response.text())
    assert.equal(answer.count, 272)
    assert.equal(answer.sources.powerW.value, 272 * 3500)
    assert.containsSubset(answer.fleet, { by: 'site', siteMw: 1, pue: 1.05 })
    // 272 × 3.5 kW × 24 h × 1.05 = 23,990.4 kWh.
    assert.closeTo(answer.kwhPerDay, 23_990.4, 1e-6)
  })

  test('refuse two answers to one question, beside the field', async ({ client }) => {
    const both = await client.get('/calculator').qs({ ...ONE, siteMw: 1, count: 3 })
    both.assertTextIncludes('Give either a number of miners or the power of a site.')
    const twice = await client.get('/calculator').qs({ ...ONE, pue: 1.1, overheadPct: 3 })
    twice.assertTextIncludes('Give either PUE or cooling and losses.')
    const small = await client.get('/calculator').qs({ ...ONE, siteMw: 0.001 })
    small.assertTextIncludes('Not even one miner fits into this power.')
  })
})
