import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import type User from '#models/user'
import { current } from '#core/current'
import { newId } from '#core/ids'
import { asSystem, asUser, makeCustomer, makeMember, makeTenant } from '#tests/helpers'
import { xlsxOf } from '#core/xlsx'
import { keepBatch } from '../../services/batch_start.js'
import { batchText } from '../../services/batch_text.js'
import { batchIn, makeBatch, SHARED, workOffIn } from '../support/batches.js'

const FLEET = `Name,Model,Quantity,Electricity ($/kWh),Pool fee (%)
Hall A,Antminer S21,100,0.05,2.5
Hall B,S19 XP,10,0.06,
Hall C,No such miner,1,0.05,
Hall D,M60S,zwei,0.05,
`

const upload = (client: ApiClient, user: User, text: string | Buffer, name = 'fleet.csv') =>
  client
    .post('/calculator/batches')
    .file('file', Buffer.from(text), { filename: name })
    .loginAs(user)
    .withCsrfToken()
    .redirects(0)

const post = (client: ApiClient, user: User, path: string, form: object = {}) =>
  client.post(path).form(form).loginAs(user).withCsrfToken().redirects(0)

const owner = async () => {
  const tenant = await makeTenant()
  const { user } = await makeMember(tenant, 'mining_site_owner')
  return { tenant, user }
}

const market = Object.fromEntries(Object.entries(SHARED).map(([k, v]) => [`shared[${k}]`, v]))

test.group('Batch pages', () => {
  test('take a file, show how it is read, price it and show what came out', async ({
    client,
    assert,
  }) => {
    const { tenant, user } = await owner()
    const sent = await upload(client, user, FLEET)
    sent.assertStatus(302)
    const path = sent.header('location')!
    const mapping = await client.get(path).qs({ shared: SHARED }).loginAs(user)
    mapping.assertStatus(200)
    for (const text of ['Hall A', 'No such miner', 'is not a number'])
      mapping.assertTextIncludes(text)
    const started = await post(client, user, `${path}/run`, market)
    started.assertStatus(302)
    const id = path.split('/').at(-1)!
    const running = await client.get(path).loginAs(user)
    running.assertTextIncludes(`${path}/progress`)
    assert.equal(await workOffIn(tenant, id), 'done')
    const done = await client.get(path).loginAs(user)
    done.assertStatus(200)
    done.assertTextIncludes('Bitmain Antminer S21')
    const batch = await batchIn(tenant, id)
    assert.deepEqual([batch.state, batch.rowsPriced, batch.rowsRefused], ['done', 2, 2])
    const faults = await client.get(`${path}/faults`).loginAs(user)
    faults.assertTextIncludes('There is no model “No such miner”.')
    const csv = await client.get(`${path}/results.csv`).loginAs(user)
    csv.assertStatus(200)
    assert.lengthOf(csv.text().trim().split('\r\n'), 3)
    const refused = await client.get(`${path}/faults.csv`).loginAs(user)
    assert.include(refused.text(), 'Hall D,M60S,zwei,0.05')
    const list = await client.get('/calculator/batches').loginAs(user)
    list.assertTextIncludes('fleet.csv')
  })

  test('take a pasted table and a workbook alike', async ({ client, assert }) => {
    const { user } = await owner()
    const pasted = await post(client, user, '/calculator/batches', {
      text: '型号\t台数\t电价\nS21\t10\t0.05\n',
    })
    const page = await client.get(pasted.header('location')!).loginAs(user)
    page.assertTextIncludes('S21')
    const file = await xlsxOf([{ name: 'A', head: ['Model', 'Qty'], rows: [['M60S', 3]] }])
    const sent = await upload(client, user, file, 'flotte.xlsx')
    const mapping = await client.get(sent.header('location')!).loginAs(user)
    mapping.assertTextIncludes('M60S')
    mapping.assertTextIncludes('flotte.xlsx')
    assert.notInclude(mapping.text(), 'name="delimiter" id')
  })

  test('say beside the field why a file cannot be read', async ({ client }) => {
    const { user } = await owner()
    for (const [bytes, words] of [
      ['%PDF-1.7', 'neither CSV nor an Excel workbook'],
      ['', 'There are no rows'],
      ['PK\u0003\u0004xx', 'damaged'],
    ] as const) {
      const answer = await upload(client, user, bytes)
      answer.assertStatus(422)
      answer.assertTextIncludes(words)
    }
    const large = await upload(client, user, Buffer.alloc(20 * 1024 * 1024 + 1, 'a,b\n'))
    large.assertStatus(422)
    large.assertTextIncludes('too large')
  })

  test('change the mapping and see it in the preview', async ({ client, assert }) => {
    const { tenant, user } = await owner()
    const sent = await upload(client, user, 'Machine kind;Price\nS21;5,5\nM60S;6,0\n')
    const path = sent.header('location')!
    const choice = {
      'seen': 'semicolon-head',
      'columns[model]': '0',
      'columns[usdPerKwh]': '1',
      'units[usdPerKwh]': '¢/kWh',
      ...market,
    }
    delete (choice as Record<string, unknown>)['shared[usdPerKwh]']
    const preview = await client.get(path).qs(choice).loginAs(user)
    preview.assertTextIncludes('Electricity price (¢/kWh)')
    const without = await post(client, user, `${path}/run`, {
      ...market,
      'seen': 'semicolon-head',
      'columns[usdPerKwh]': '1',
    })
    assert.notEqual(without.status(), 200)
    const id = path.split('/').at(-1)!
    assert.equal((await batchIn(tenant, id)).state, 'draft')
    await post(client, user, `${path}/run`, choice)
    await workOffIn(tenant, id)
    const batch = await batchIn(tenant, id)
    assert.deepEqual([batch.state, batch.rowsPriced], ['done', 2])
    // 3,500 W × 24 h = 84 kWh, at 5.5 ¢ = $4.62.
    const csv = await client.get(`${path}/results.csv`).loginAs(user)
    assert.include(csv.text(), ',4.62,')
  })

  test('stop, go on, map again and delete', async ({ client, assert }) => {
    const { tenant, user } = await owner()
    const id = await makeBatch(tenant, FLEET)
    const path = `/calculator/batches/${id}`
    const state = async () => (await batchIn(tenant, id)).state
    assert.equal((await post(client, user, `${path}/run`)).status(), 409)
    await post(client, user, `${path}/cancellation`)
    assert.equal(await state(), 'cancelled')
    await post(client, user, `${path}/run`)
    assert.equal(await state(), 'waiting')
    await workOffIn(tenant, id)
    assert.equal((await post(client, user, `${path}/cancellation`)).status(), 409)
    await post(client, user, `${path}/reopening`)
    assert.equal(await state(), 'draft')
    await post(client, user, `${path}/removal`)
    const gone = await client.get(path).loginAs(user)
    gone.assertStatus(404)
  })

  test('show the end of a job that failed for good', async ({ client, assert }) => {
    const { tenant, user } = await owner()
    const id = await makeBatch(tenant, FLEET)
    const { runId } = await batchIn(tenant, id)
    await asSystem(tenant, () =>
      currentClient()
        .from('job_runs')
        .where('id', runId!)
        .update({ state: 'failed', error: 'boom' })
    )
    const page = await client.get(`/calculator/batches/${id}`).loginAs(user)
    page.assertTextIncludes('The work failed again and again.')
    assert.equal((await batchIn(tenant, id)).state, 'failed')
  })

  test('give templates that come back mapped, in both languages', async ({ client, assert }) => {
    const tenant = await makeTenant()
    for (const locale of ['en', 'zh'] as const) {
      const { user } = await makeMember(tenant, 'mining_site_owner', { locale })
      const csv = await client.get('/calculator/batches/template.csv').loginAs(user)
      const batch = await asUser(user, async () =>
        keepBatch('template.csv', await batchText(Buffer.from(csv.text())))
      )
      assert.lengthOf(Object.keys(batch.reading.columns), 12, locale)
      const xlsx = await client.get('/calculator/batches/template.xlsx').loginAs(user)
      xlsx.assertStatus(200)
    }
  })

  test('keep the batches of one company and one customer from others', async ({
    client,
    assert,
  }) => {
    const { tenant, user } = await owner()
    const stranger = (await owner()).user
    const [mine, theirs] = await asSystem(tenant, async () => [
      await makeCustomer(),
      await makeCustomer(),
    ])
    const member = async (customerId: string) =>
      (await makeMember(tenant, 'client', { customerId })).user
    const [client1, client2] = [await member(mine!), await member(theirs!)]
    const companys = await makeBatch(tenant, FLEET)
    const sent = await upload(client, client1, FLEET)
    const id = sent.header('location')!.split('/').at(-1)!
    const seen = async (who: User, batch: string) =>
      (await client.get(`/calculator/batches/${batch}`).loginAs(who)).status()
    assert.deepEqual(
      [
        await seen(client1, id),
        await seen(user, id),
        await seen(client2, id),
        await seen(stranger, id),
      ],
      [200, 200, 404, 404]
    )
    assert.deepEqual([await seen(client1, companys), await seen(user, companys)], [404, 200])
    await post(client, client1, `/calculator/batches/${id}/run`, market)
    await workOffIn(tenant, id)
    for (const file of ['results.csv', 'results.xlsx', 'faults.csv', 'faults', 'progress']) {
      const path = `/calculator/batches/${id}/${file}`
      assert.equal((await client.get(path).loginAs(client1)).status(), 200, file)
      assert.equal((await client.get(path).loginAs(client2)).status(), 404, file)
    }
    const rows = (who: User) =>
      asUser(who, () => currentClient().from('calculator_batch_rows').where('batch_id', id))
    assert.lengthOf(await rows(client1), 2)
    assert.lengthOf(await rows(client2), 0)
    const removal = await post(client, client2, `/calculator/batches/${id}/removal`)
    removal.assertStatus(404)
  })

  test('refuse operators, guests and ids that are none', async ({ client }) => {
    const { tenant, user } = await owner()
    const operator = (await makeMember(tenant, 'operator')).user
    const refused = await client.get('/calculator/batches').loginAs(operator)
    refused.assertStatus(403)
    const guest = await client.get('/calculator/batches').redirects(0)
    guest.assertHeader('location', '/sign-in')
    for (const id of [newId(), 'nonsense']) {
      const missing = await client.get(`/calculator/batches/${id}`).loginAs(user)
      missing.assertStatus(404)
    }
  })
})

const currentClient = () => current.get().client
