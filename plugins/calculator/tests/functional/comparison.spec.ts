import { parse } from 'csv-parse/sync'
import { test } from '@japa/runner'
import { newId } from '#core/ids'
import { makeMember, makeTenant } from '#tests/helpers'
import { forgetMarket, storeMarket } from '../support/market.js'
import { INVESTED, QUESTION, save } from '../support/scenarios.js'

const PAGE = '/calculator/scenarios/comparison'
const plain = (html: string) =>
  html
    .replaceAll(/<svg[\s\S]*?<\/svg>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')

/** The text of the row whose head begins so. */
const rowIn = (html: string, head: string) => {
  const rows = [...html.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row]) => plain(row!).trim())
  return rows.find((row) => row.startsWith(head))
}

test.group('The comparison of scenarios', () => {
  test('align figures, name the best of each row and the inputs that differ', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const cheap = await save(client, user, { name: 'Cheap' })
    const dear = await save(client, user, {
      name: 'Dear',
      query: { ...QUESTION, usdPerKwh: '0.10' },
    })
    const response = await client
      .get(PAGE)
      .qs({ ids: `${dear},${cheap}` })
      .loginAs(user)
    response.assertStatus(200)
    const html = response.text()
    // 10,290.91 − 8,520.00 and 10,290.91 − 4,260.00, in the order that was asked for.
    assert.equal(rowIn(html, 'Profit a day'), 'Profit a day $1,770.91 best $6,030.91')
    assert.equal(rowIn(html, 'Electricity a day'), 'Electricity a day $8,520.00 best $4,260.00')
    assert.equal(rowIn(html, 'Revenue a day'), 'Revenue a day $10,290.91 $10,290.91')
    assert.match(rowIn(html, 'Electricity differs')!, /\$0\.10\/kWh .* \$0\.05\/kWh/)
    assert.match(rowIn(html, 'Bitcoin price')!, /^Bitcoin price \$100,000\.00/)
  })

  test('name what differs in the contract, the tariff and the outlook too', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const hosted = { hosting: 'flat', hostingUsdPerKwh: '0.075', tariffBlocks: '1000:0.04, *:0.06' }
    const asked: Record<string, string> = INVESTED
    const { count: _count, ...perSite } = asked
    const { usdPerKwh: _price, ...byBlocks } = asked
    const ids = [
      await save(client, user, { name: 'Hosted', query: { ...byBlocks, ...hosted } }),
      await save(client, user, {
        name: 'Own',
        query: { ...perSite, hosting: 'none', siteMw: '3.55', shutdownWhenNegative: 'true' },
      }),
    ]
    const response = await client.get(PAGE).qs({ ids }).loginAs(user)
    response.assertStatus(200)
    const row = (head: string) => rowIn(response.text(), head)
    assert.match(row('How the host charges differs')!, /One price per kWh .*No host/)
    assert.match(row('Host’s price differs')!, /\$0\.075\/kWh/)
    assert.match(row('Tariff blocks differs')!, /1000:0\.04, \*:0\.06/)
    assert.match(row('How many')!, /1,000 entered by hand: you 1,000 .*from the power of the site/)
    assert.match(row('Power of the site differs')!, /3\.55 MW/)
    assert.match(row('Switch off on days that would lose differs')!, /yes/)
    // Asked as a price of one miner, answered as the sum: one row, not two.
    assert.isUndefined(row('Price of one miner'))
    const file = await client
      .get(`${PAGE}.csv`)
      .qs({ ids: ids.join(',') })
      .loginAs(user)
    const rows: string[][] = parse(file.text(), { bom: true })
    assert.deepInclude(
      rows.map((cells) => cells.slice(0, 5)),
      ['Inputs', 'Hosted', 'Tariff blocks', '1000:0.04, *:0.06', 'you']
    )
  })

  test('answer all on the same market values and say which', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { btcUsd: _, ...open } = QUESTION
    await storeMarket([{ series: 'price_usd', value: 80_000, at: new Date() }])
    const ids = [await save(client, user, { query: open }), await save(client, user)]
    const response = await client.get(PAGE).qs({ ids }).loginAs(user)
    response.assertTextIncludes('Market values used by all that left them open')
    assert.match(plain(response.text()), /Bitcoin price \$80,000\.00 .*test market/)
    assert.match(rowIn(response.text(), 'Bitcoin price differs')!, /\$80,000\.00 .* \$100,000\.00/)
  }).teardown(forgetMarket)

  test('offer what could stand beside, take four and refuse a fifth', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const ids: string[] = []
    for (const name of ['A1', 'B2', 'C3', 'D4', 'E5']) ids.push(await save(client, user, { name }))
    const empty = await client.get(PAGE).loginAs(user)
    empty.assertStatus(200)
    for (const id of ids) empty.assertTextIncludes(`<option value="${id}"`)
    const four = await client
      .get(PAGE)
      .qs({ ids: ids.slice(0, 4).join(',') })
      .loginAs(user)
    four.assertStatus(200)
    assert.notInclude(four.text(), '<option')
    const five = await client
      .get(PAGE)
      .qs({ ids: ids.join(',') })
      .loginAs(user)
    five.assertStatus(422)
    five.assertTextIncludes('Up to four scenarios fit side by side: remove one first.')
    const twice = await client
      .get(PAGE)
      .qs({ ids: [...ids.slice(0, 4), ids[0]] })
      .loginAs(user)
    twice.assertStatus(200)
  })

  test('treat a foreign scenario as one that never was', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { user: stranger } = await makeMember(await makeTenant(), 'operator')
    const id = await save(client, user)
    const own = await save(client, stranger)
    for (const other of [id, newId(), 'no-id']) {
      for (const address of [PAGE, `${PAGE}.csv`, `${PAGE}.xlsx`]) {
        const response = await client
          .get(address)
          .qs({ ids: `${own},${other}` })
          .loginAs(stranger)
        assert.equal(response.status(), 404, `${address} ${other}`)
      }
    }
    const nothing = await client.get(`${PAGE}.csv`).loginAs(user)
    nothing.assertStatus(422)
  })

  test('become a file with a column for each scenario and the source of each input', async ({
    client,
    assert,
  }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const ids = [
      await save(client, user, { name: '=1+1' }),
      await save(client, user, { name: 'Two', query: { ...QUESTION, count: '2000' } }),
    ]
    const response = await client
      .get(`${PAGE}.csv`)
      .qs({ ids: ids.join(',') })
      .loginAs(user)
    response.assertHeader('content-type', 'text/csv; charset=utf-8')
    const rows: string[][] = parse(response.text(), { bom: true })
    const find = (name: string) => rows.find(([, first]) => first === name)!
    assert.deepEqual(rows[0]!.slice(0, 4), ['Result', 'Figure', "'=1+1", 'Two'])
    const [, , one, two] = find('Profit a day ($)')
    assert.closeTo(Number(one), 6030.91, 0.005)
    assert.closeTo(Number(two), 2 * Number(one), 1e-6)
    assert.deepEqual(find('Booked profit a day (cent)').slice(2, 4), ['603091', '1206182'])
    const inputs = rows.filter(([part, who]) => part === 'Inputs' && who === 'Two')
    assert.deepEqual(inputs[0]!.slice(2, 5), ['How many', '2000', 'you'])
    assert.lengthOf(new Set(rows.map((row) => row.length)), 1)
  })
})
