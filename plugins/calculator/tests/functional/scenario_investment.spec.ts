import { parse } from 'csv-parse/sync'
import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'
import { inTenant, tokenFor } from '#tests/functional/api/helpers'
import { INVESTED, QUESTION, save } from '../support/scenarios.js'

test.group('Scenarios of an investment', () => {
  test('keep the returns of then, say those of now, both as the projection does', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const id = await save(client, user, { name: 'Hall A', query: INVESTED })
    const { text: token } = await tokenFor(user, ['calculator.*'], 1)
    const asked = await client.get(`/api/v1/calculator/scenarios/${id}`).bearerToken(token)
    asked.assertStatus(200)
    const { now, saved } = asked.body()
    const projected = await client
      .post('/api/v1/calculator/projection')
      .bearerToken(token)
      .json(INVESTED)
    const { returns, totals } = projected.body()
    assert.isNumber(returns.npvUsd)
    assert.deepEqual(now.future.returns, returns)
    assert.deepEqual(saved.future.returns, returns)
    assert.deepEqual(saved.future.totals, totals)
    const page = await client.get(`/calculator/scenarios/${id}`).loginAs(user)
    page.assertTextIncludes('Net present value')
    page.assertTextIncludes('Difficulty growth a retarget')
  })

  test('stand beside a day alone, each figure in its own row', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const day = await save(client, user, { name: 'Day', query: QUESTION })
    const whole = await save(client, user, { name: 'Whole', query: INVESTED })
    const page = await client
      .get('/calculator/scenarios/comparison')
      .qs({ ids: `${day},${whole}` })
      .loginAs(user)
    page.assertStatus(200)
    const rows = page
      .text()
      .split('<tr')
      .filter((row) => row.includes('Payback'))
    assert.lengthOf(rows, 1)
  })

  test('export every month, booked lines that add up to the totals', async ({ client, assert }) => {
    const file = await client.get('/calculator/export.csv').qs(INVESTED)
    file.assertStatus(200)
    const lines = parse(file.text(), { bom: true, relax_column_count: true }) as string[][]
    const months = lines.filter(([sheet]) => sheet === 'Months')
    const head = months[0]!
    // 365 days are twelve months of 30 days and one of 5.
    assert.lengthOf(months, 14)
    const column = (name: string) => months.slice(1).map((row) => Number(row[head.indexOf(name)]))
    const cash = column('Cash (cent)')
    const soFar = column('Cash so far (cent)')
    assert.equal(
      cash.reduce((sum, cents) => sum + cents, 0),
      soFar.at(-1)
    )
    assert.equal(column('Days').at(-1), 5)
  })

  test('name the one that repays the best, beside one that never does', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const price = (capexUsdPerMiner: string) =>
      save(client, user, { name: capexUsdPerMiner, query: { ...INVESTED, capexUsdPerMiner } })
    const ids = [await price('500'), await price('900000')]
    const page = await client
      .get('/calculator/scenarios/comparison')
      .qs({ ids: ids.join(',') })
      .loginAs(user)
    const [row] = page
      .text()
      .split('<tr')
      .filter((one) => one.includes('Payback'))
    const [, cheap, dear] = row!.split('<td')
    assert.include(cheap, 'best')
    assert.include(dear, 'never')
    assert.notInclude(dear, 'best')
  })

  test('say why an investment has no answer, and keep the day', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { startHeight: _, ...query } = INVESTED
    const id = await save(client, user, { name: 'No height', query })
    const { text: token } = await tokenFor(user, ['calculator.*'], 1)
    const asked = await client.get(`/api/v1/calculator/scenarios/${id}`).bearerToken(token)
    const { now, problems } = asked.body()
    assert.isNotNull(now.day)
    assert.isNull(now.future)
    assert.deepEqual(problems, ['Type the block height to start from: none is stored.'])
  })

  test('read the day of a kept answer whose future another version wrote', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const id = await save(client, user, { name: 'Old', query: INVESTED })
    await inTenant(tenant, async (trx) => {
      const rows = trx.from('calculator_scenarios').where({ tenant_id: tenant.id, id })
      const { answer } = await rows.clone().first()
      const other = { ...answer, future: { returns: 'of another time' } }
      await rows.clone().update({ answer: JSON.stringify(other) })
    })
    const { text: token } = await tokenFor(user, ['calculator.*'], 1)
    const asked = await client.get(`/api/v1/calculator/scenarios/${id}`).bearerToken(token)
    const { saved } = asked.body()
    assert.closeTo(saved.day.profitUsdPerDay, 6030.91, 0.005)
    assert.isNull(saved.future)
  })

  test('take numbers, ticks and long lists over the API', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { text: token } = await tokenFor(user, ['calculator.*'], 1)
    const pricePoints = Array.from({ length: 60 }, (_, day) => `${day + 1}:100000`).join(', ')
    const query = { ...INVESTED, count: 1000, shutdownWhenNegative: true, pricePoints }
    const made = await client
      .post('/api/v1/calculator/scenarios')
      .bearerToken(token)
      .json({ name: 'By a program', query })
    made.assertStatus(201)
    assert.isNotNull(made.body().now.future)
    assert.equal(made.body().query.shutdownWhenNegative, 'true')
  })
})
