import { test } from '@japa/runner'
import { asSystem, makeSite } from '#tests/helpers'
import Collector from '../../models/collector.js'
import { acceptFound } from '../../services/accept.js'
import { ignoreFound } from '../../services/page_found.js'
import { FakeCollector, keyOf, macOf, sampleOf } from '../support/fake_collector.js'
import { importList } from '../support/lists.js'

const site = ({ siteId }: FakeCollector) => ({ siteId })

const review = (collector: FakeCollector) =>
  asSystem(collector.tenant, async () => {
    const row = await Collector.named(collector.id)
    const { name, pollSeconds, detailSeconds, scanHours } = row
    await row.decide({ name, pollSeconds, detailSeconds, scanHours, autoAccept: false })
  })

const minersOf = async (collector: FakeCollector) =>
  (await collector.rows('fleet_miners')).sort((a, b) => a.no - b.no)

test.group('Miners that a list named', () => {
  test('are met by MAC, by serial number and by address, and keep number, place and name', async ({
    assert,
  }) => {
    const collector = await FakeCollector.enrolled()
    const text = [
      'mac,serial,ip,name,rack',
      `${macOf(1)},,10.0.0.200,by mac,A`,
      ',SN-0002,,by serial,B',
      ',,10.0.0.4,by ip,C',
      `${macOf(99)},,10.0.0.5,another,D`,
    ].join('\n')
    await importList(collector.tenant, text, site(collector))
    const { body } = await collector.found([
      { serial: 'SN-0001' },
      { serial: 'SN-0002' },
      {},
      // The list says that somebody else has this address: it is not that miner.
      {},
    ])
    assert.sameMembers(body.accepted, [keyOf(1), keyOf(2), keyOf(3), keyOf(4)])
    const miners = await minersOf(collector)
    assert.deepEqual(
      miners.map(({ no, name, rack, miner_key: key, ip, driver, mac }) => [
        no,
        name,
        rack,
        key,
        ip,
        driver,
        mac,
      ]),
      [
        [1, 'by mac', 'A', keyOf(1), '10.0.0.2', 'antminer', macOf(1)],
        [2, 'by serial', 'B', keyOf(2), '10.0.0.3', 'antminer', macOf(2)],
        [3, 'by ip', 'C', keyOf(3), '10.0.0.4', 'antminer', macOf(3)],
        [4, 'another', 'D', `mac:${macOf(99)}`, '10.0.0.5', null, macOf(99)],
        [5, null, null, keyOf(4), '10.0.0.5', 'antminer', macOf(4)],
      ]
    )
    const sent = await collector.send([sampleOf(2)])
    assert.deepEqual(sent.body.quarantined, [])
    assert.lengthOf(await collector.rows('fleet_telemetry_live', { miner_no: 2 }), 1)
    const [met] = await collector.rows('audit_events', { name: 'fleet.list.met' })
    assert.equal(met.payload.facts.count, 3)
  })

  test('become one miner when somebody accepts what a scan found before', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    await review(collector)
    await collector.found([{}, {}])
    await importList(collector.tenant, `mac,rack\n${macOf(1)},A\n`, site(collector))
    const accepted = await asSystem(collector.tenant, () =>
      acceptFound({ collectorId: collector.id })
    )
    assert.equal(accepted, 2)
    const miners = await minersOf(collector)
    assert.deepEqual(
      miners.map(({ no, rack, miner_key: key, driver }) => [no, rack, key, driver]),
      [
        [1, 'A', keyOf(1), 'antminer'],
        [2, null, keyOf(2), 'antminer'],
      ]
    )
    const found = await collector.rows('fleet_found', { miner_key: keyOf(1) })
    assert.deepEqual([found[0].state, found[0].miner_id], ['accepted', miners[0].id])
  })

  test('move here with their number when the list said another site', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    const elsewhere = await asSystem(collector.tenant, () => makeSite())
    await importList(collector.tenant, `mac\n${macOf(1)}\n`, { siteId: elsewhere })
    await collector.found([{}])
    const [found] = await collector.rows('fleet_found')
    assert.equal(found.state, 'moved')
    await asSystem(collector.tenant, () => acceptFound({ ids: [found.id] }))
    const [miner, ...others] = await minersOf(collector)
    assert.deepInclude(miner, { no: 1, site_id: collector.siteId, driver: 'antminer' })
    assert.lengthOf(others, 0)
  })

  test('wait while somebody ignores the machine, or two claim to be it', async ({ assert }) => {
    const collector = await FakeCollector.enrolled()
    await importList(collector.tenant, `mac\n${macOf(1)}\n`, site(collector))
    await collector.found([{ ip: '10.0.0.2' }, { ip: '10.0.0.3', miner: keyOf(1), mac: macOf(1) }])
    const [miner] = await minersOf(collector)
    assert.isNull(miner.driver)
    await review(collector)
    await collector.found([{ ip: '10.0.0.9', miner: keyOf(7), mac: macOf(7) }])
    const [found] = await collector.rows('fleet_found', { miner_key: keyOf(7) })
    await asSystem(collector.tenant, () => ignoreFound([found.id]))
    await importList(collector.tenant, `mac,rack\n${macOf(7)},Z\n`, site(collector))
    const { body } = await collector.found([{ ip: '10.0.0.9', miner: keyOf(7), mac: macOf(7) }])
    assert.deepEqual(
      (await minersOf(collector)).map(({ driver }) => driver),
      [null, null]
    )
    assert.lengthOf(await collector.rows('fleet_found', { state: 'ignored' }), 1)
    assert.deepEqual(body.accepted, [])
  })
})
