import { test } from '@japa/runner'
import { makeFleet } from '../support/fleet_rows.js'
import { EVIL, FORMULA, operatorOf, setLive, setMiner } from './pages_miners_setup.js'

test.group('The list of miners', () => {
  test('find, filter and sort on the server', async ({ client, assert }) => {
    const fleet = await makeFleet(3)
    await setMiner(fleet, 2, { name: 'Needle', model: 'S21' })
    const user = await operatorOf(fleet)
    const found = await client.get('/fleet/miners?q=needle').loginAs(user)
    assert.include(found.text(), fleet.miners[1]!)
    assert.notInclude(found.text(), fleet.miners[0]!)
    await setLive(fleet, 3, { pool_user: 'Depot.77' })
    const worker = await client.get('/fleet/miners?q=DEPOT.7').loginAs(user)
    assert.include(worker.text(), fleet.miners[2]!)
    assert.notInclude(worker.text(), fleet.miners[0]!)
    const percent = await client.get('/fleet/miners?q=%25').loginAs(user)
    percent.assertTextIncludes('Nothing fits the search')
    const past = await client.get('/fleet/miners?q=farm&page=9&size=10').loginAs(user)
    assert.include(past.text(), fleet.miners[0]!)
    const model = await client.get('/fleet/miners?model=S21&sort=pct&dir=desc').loginAs(user)
    assert.include(model.text(), fleet.miners[1]!)
    assert.notInclude(model.text(), fleet.miners[2]!)
    const offline = await client.get('/fleet/miners?connectivity=offline').loginAs(user)
    offline.assertTextIncludes('Nothing fits the search')
    const wrong = await client.get('/fleet/miners?sort=secret').loginAs(user)
    wrong.assertStatus(400)
  })

  test('hide what is retired until somebody asks', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    await setMiner(fleet, 2, { status: 'retired' })
    const user = await operatorOf(fleet)
    const page = await client.get('/fleet/miners').loginAs(user)
    assert.notInclude(page.text(), fleet.miners[1]!)
    const retired = await client.get('/fleet/miners?status=retired').loginAs(user)
    assert.include(retired.text(), fleet.miners[1]!)
  })

  test('keep what miners say of themselves from running anywhere', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    await setMiner(fleet, 1, { name: EVIL, model: FORMULA, firmware_version: EVIL })
    const user = await operatorOf(fleet)
    const page = await client.get('/fleet/miners').loginAs(user)
    assert.notInclude(page.text(), EVIL)
    const csv = await client.get('/fleet/miners?format=csv').loginAs(user)
    csv.assertHeader('content-type', 'text/csv; charset=utf-8')
    const raw = String(csv.text())
    assert.include(raw, 'Antminer =HYPERLINK')
    assert.notMatch(raw, /(^|,)"?=/m)
  })

  test('show another company nothing', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const user = await operatorOf(await makeFleet(0))
    const page = await client.get('/fleet/miners').loginAs(user)
    assert.notInclude(page.text(), fleet.miners[0]!)
    for (const path of ['', '/now', '/edit', '/label']) {
      const response = await client.get(`/fleet/miners/${fleet.miners[0]}${path}`).loginAs(user)
      response.assertStatus(404)
    }
  })
})
