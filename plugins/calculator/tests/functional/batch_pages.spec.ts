import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import type User from '#models/user'
import { asSystem, asUser, makeMember, makeTenant } from '#tests/helpers'
import { current } from '#core/current'
import { newId } from '#core/ids'
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
})
