import { buffer } from 'node:stream/consumers'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import i18nManager from '@adonisjs/i18n/services/main'
import type User from '#models/user'
import { asSystem, asUser, makeCustomer, makeMember, makeSite } from '#tests/helpers'
import MinerImport from '../../models/miner_import.js'
import { minersCsv, minersXlsx } from '../../services/import_export.js'
import { makeFleet, makeZone, rowsIn } from '../support/fleet_rows.js'
import { checkList, countOn, setRows } from '../support/lists.js'
import { EVIL, FORMULA, operatorOf } from './pages_miners_setup.js'

const upload = (client: ApiClient, user: User, text: string | Buffer, name = 'miners.csv') =>
  client
    .post('/fleet/import')
    .file('file', Buffer.from(text), { filename: name })
    .loginAs(user)
    .withCsrfToken()
    .redirects(0)

const post = (client: ApiClient, user: User, path: string, form: object = {}) =>
  client.post(path).form(form).loginAs(user).withCsrfToken().redirects(0)

const LIST = `Ethernet address;Rack;Level;Position;Who;Sticker
02:11:11:11:11:01;A;1;1;${EVIL};x
02:11:11:11:11:02;A;1;2;${FORMULA};y
nonsense;A;1;3;;z
`
const COLUMNS = {
  'columns[mac]': 0,
  'columns[rack]': 1,
  'columns[shelf]': 2,
  'columns[position]': 3,
}

test.group('Pages of lists', () => {
  test('take a file, its mapping, the check and the word, and then write', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(1)
    await countOn(fleet.tenant)
    const user = await operatorOf(fleet)
    const sent = await upload(client, user, LIST)
    sent.assertStatus(302)
    const path = sent.header('location')!
    const mapping = await client.get(path).loginAs(user)
    mapping.assertTextIncludes('Sticker')
    assert.notInclude(mapping.text(), EVIL)
    const form = { ...COLUMNS, 'columns[name]': 4, 'siteId': fleet.siteId }
    const checked = await post(client, user, `${path}/check`, form)
    checked.assertStatus(302)
    const plan = await client.get(path).loginAs(user)
    plan.assertTextIncludes('“nonsense” is no MAC address of a machine.')
    assert.notInclude(plan.text(), EVIL)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 1)
    const hash = /name="plan" value="([0-9a-f]{64})"/.exec(plan.text())![1]!
    await post(client, user, `${path}/application`, { plan: hash })
    const miners = await rowsIn(fleet.tenant, 'fleet_miners')
    assert.sameMembers(
      miners.map(({ name }) => name),
      [null, EVIL, FORMULA]
    )
    const list = await client.get('/fleet/miners').loginAs(user)
    list.assertTextIncludes('never seen')
    assert.notInclude(list.text(), EVIL)
    const named = miners.find(({ name }) => name === FORMULA)
    const passport = await client.get(`/fleet/miners/${named.id}`).loginAs(user)
    passport.assertTextIncludes('List of miners imported')
    const left = await client.get(`${path}/left.csv`).loginAs(user)
    assert.include(left.text(), 'nonsense,A,1,3,,z,MAC: “nonsense”')
    const again = await post(client, user, `${path}/application`, { plan: hash })
    again.assertStatus(409)
  })

  test('write nothing for another check than the one that was seen', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const user = await operatorOf(fleet)
    const path = (await upload(client, user, 'mac\n02:11:11:11:11:01\n')).header('location')!
    await post(client, user, `${path}/check`, { 'columns[mac]': 0, 'siteId': fleet.siteId })
    await post(client, user, `${path}/application`, { plan: 'a'.repeat(64) })
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 0)
  })

  test('say beside the field what is missing', async ({ client }) => {
    const fleet = await makeFleet(0)
    const user = await operatorOf(fleet)
    for (const [bytes, words] of [
      [Buffer.from('%PDF-1.7'), 'neither CSV nor an Excel workbook'],
      [Buffer.from('\n\n'), 'no rows'],
    ] as const) {
      const refused = await upload(client, user, bytes)
      refused.assertStatus(422)
      refused.assertTextIncludes(words)
    }
    const path = (await upload(client, user, 'a,b\nx,y\n')).header('location')!
    const noColumn = await client
      .post(`${path}/check`)
      .form({ siteId: fleet.siteId })
      .header('referer', path)
      .loginAs(user)
      .withCsrfToken()
    noColumn.assertTextIncludes('Choose a column for MAC, serial number or IP.')
    const foreign = await makeFleet(0)
    const otherSite = await client
      .post(`${path}/check`)
      .form({ 'columns[mac]': 0, 'siteId': foreign.siteId })
      .header('referer', path)
      .loginAs(user)
      .withCsrfToken()
    otherSite.assertTextIncludes('No site: choose one for all rows')
  })

  test('are for the person who sent the list, and for no client', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const user = await operatorOf(fleet)
    const path = (await upload(client, user, 'mac\n02:11:11:11:11:01\n')).header('location')!
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const others = [customer, await operatorOf(fleet), await operatorOf(await makeFleet(0))]
    for (const [index, other] of others.entries()) {
      const status = index === 0 ? 403 : 404
      for (const get of [path, `${path}/left.csv`]) {
        ;(await client.get(get).loginAs(other)).assertStatus(status)
      }
      for (const act of ['check', 'reading', 'reopening', 'application', 'removal']) {
        const form = {
          'columns[mac]': 0,
          'siteId': fleet.siteId,
          'decimal': '.',
          'hasHead': 'true',
        }
        const refused = await post(client, other, `${path}/${act}`, {
          ...form,
          plan: 'a'.repeat(64),
        })
        refused.assertStatus(status)
      }
    }
    for (const get of ['/fleet/import', '/fleet/import/miners.csv', '/fleet/import/miners.xlsx']) {
      ;(await client.get(get).loginAs(customer)).assertStatus(403)
    }
    ;(await upload(client, customer, 'mac\n')).assertStatus(403)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 1)
  })

  test('see no miner and no site beyond the sites of the person', async ({ assert }) => {
    const fleet = await makeFleet(1)
    const away = await asSystem(fleet.tenant, () => makeSite())
    const { user } = await makeMember(fleet.tenant, 'operator', { siteIds: [away] })
    const [miner] = await rowsIn(fleet.tenant, 'fleet_miners')
    const [site] = await rowsIn(fleet.tenant, 'sites', { id: fleet.siteId })
    const text = `site,mac,ip\n${site.code},02:11:11:11:11:01,\n,02:11:11:11:11:02,${miner.ip}\n`
    const { keepImport, checkImport } = await import('../../services/import_store.js')
    const id = await asUser(user, async () => {
      const list = await keepImport('list.csv', Buffer.from(text))
      await checkImport(list, { siteId: away })
      return list.id
    })
    const rows = (await rowsIn(fleet.tenant, 'fleet_import_rows', { import_id: id })).sort(
      (a, b) => a.line - b.line
    )
    assert.deepEqual(
      rows.map(({ outcome, faults }) => [outcome, faults?.[0].key ?? null]),
      [
        ['conflict', 'unknown_site'],
        ['new', null],
      ]
    )
    const csv = await asUser(user, () => minersCsv(i18nManager.locale('en'), null))
    assert.notInclude((await buffer(csv)).toString(), miner.mac)
  })
})

test.group('Miners taken home', () => {
  const strange = async () => {
    const fleet = await makeFleet(5)
    await asSystem(fleet.tenant, async () => {
      await makeCustomer()
      await makeZone(fleet.siteId)
    })
    const [customer] = await rowsIn(fleet.tenant, 'customers')
    const values = [
      { name: FORMULA, notes: '=1+1\n"quoted", and; more', rack: '-1', shelf: 0, position: 0 },
      { name: "'=quoted", zone_id: fleet.zoneId, customer_id: customer.id, worker: '+farm.1' },
      { name: '＝full', nameplate_hashrate_ths: 110.123456789, nameplate_power_w: 0.1 + 0.2 },
      { name: '0007', model: 'TRUE', make: null, serial_number: '00012345678901234567' },
      { name: '矿机 5', rack: '1e5', hostname: "''@x" },
    ]
    for (const [index, value] of values.entries()) {
      await setRows(fleet.tenant, 'fleet_miners', { no: index + 1 }, value)
    }
    return fleet
  }

  test('come back the same, as CSV and as a workbook, in both languages')
    .with([
      { locale: 'en', write: minersCsv },
      { locale: 'zh', write: minersCsv },
      { locale: 'en', write: minersXlsx },
      { locale: 'zh', write: minersXlsx },
    ])
    .run(async ({ assert }, { locale, write }) => {
      const fleet = await strange()
      const stream = await asSystem(fleet.tenant, () => write(i18nManager.locale(locale), null))
      const file = await buffer(stream)
      const { rows, outcomes } = await checkList(fleet.tenant, file)
      assert.deepEqual(
        rows.map(({ changes, faults }) => [changes, faults]),
        Array.from({ length: 5 }, () => [null, null])
      )
      assert.deepEqual(
        outcomes,
        Array.from({ length: 5 }, () => 'same')
      )
      if (write === minersCsv) assert.notMatch(file.toString(), /(^|[,\n])"?[=+@-]/)
    })

  test('make the same fleet in a company that has none of it', async ({ assert }) => {
    const fleet = await strange()
    const stream = await asSystem(fleet.tenant, () =>
      minersCsv(i18nManager.locale('en'), fleet.siteId)
    )
    const other = await makeFleet(0)
    await asSystem(other.tenant, () => makeCustomer())
    let file = (await buffer(stream)).toString()
    for (const table of ['sites', 'zones', 'customers']) {
      const theirs = await rowsIn(fleet.tenant, table)
      const [own] = await rowsIn(other.tenant, table)
      for (const { code } of theirs) file = file.replaceAll(code, own.code)
    }
    const { id } = await checkList(other.tenant, file)
    const { applyList } = await import('../support/lists.js')
    assert.isTrue(await applyList(other.tenant, id))
    const told = async ({ tenant }: typeof fleet) =>
      (await rowsIn(tenant, 'fleet_miners'))
        .sort((a, b) => a.no - b.no)
        .map((row) => [row.mac, row.ip, row.name, row.notes, row.rack, row.shelf, row.worker])
    assert.deepEqual(await told(other), await told(fleet))
    const list = await asSystem(other.tenant, () => MinerImport.own(id))
    assert.deepEqual(list.counts, { new: 5 })
  })
})
